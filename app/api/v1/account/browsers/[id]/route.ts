import { PersonParams } from "@/lib/auth/people-schema";
import { endBrowser } from "@/lib/auth/people-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const DELETE = route(
  {
    auth: "figures",
    audit: "access.browser_ended",
    summary: "Sign one's own browser out",
    params: PersonParams,
    status: 204,
  },
  ({ caller, params }) => endBrowser(caller, params.id),
);
export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
