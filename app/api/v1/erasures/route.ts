import { authorOf } from "@/lib/auth/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ErasureItem, ErasuresAnswer, NewErasure } from "@/lib/retention/erasure-schema";
import { askToErase, readErasures } from "@/lib/retention/erasure-service";

export const GET = route(
  {
    auth: "admin",
    summary: "What was erased, what that took and what remains as totals",
    response: ErasuresAnswer,
  },
  ({ caller }) => readErasures(caller.workspace),
);

export const POST = route(
  {
    auth: "admin",
    audit: "erasure.asked",
    summary: "Erase sessions for good, as a preview told of them; refused while one is held",
    body: NewErasure,
    response: ErasureItem,
    status: 201,
  },
  async ({ caller, body }) => askToErase(caller.workspace, body, { by: await authorOf(caller) }),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
