import { authorOf } from "@/lib/auth/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { HoldItem, HoldsAnswer, NewHold } from "@/lib/retention/hold-schema";
import { placeHold, readHolds } from "@/lib/retention/hold-service";

export const GET = route(
  {
    auth: "admin",
    summary: "What is held: neither dropped by retention nor erased",
    response: HoldsAnswer,
  },
  ({ caller }) => readHolds(caller.workspace),
);

export const POST = route(
  {
    auth: "admin",
    audit: "hold.placed",
    summary: "Hold sessions, all with a value of metadata, or all of a connection",
    body: NewHold,
    response: HoldItem,
    status: 201,
  },
  async ({ caller, body }) => placeHold(caller.workspace, body, { by: await authorOf(caller) }),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
