import { authorOf } from "@/lib/auth/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { HoldItem, HoldParams } from "@/lib/retention/hold-schema";
import { endHold } from "@/lib/retention/hold-service";

export const DELETE = route(
  {
    auth: "admin",
    audit: "hold.lifted",
    summary: "Lift a hold; that there was one stays known",
    params: HoldParams,
    response: HoldItem,
  },
  async ({ caller, params }) =>
    endHold({ workspace: caller.workspace, id: params.id }, { by: await authorOf(caller) }),
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
