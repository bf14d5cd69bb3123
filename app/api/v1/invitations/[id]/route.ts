import { PersonParams } from "@/lib/auth/people-schema";
import { endInvitation } from "@/lib/auth/people-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const DELETE = route(
  {
    auth: "admin",
    audit: "person.uninvited",
    summary: "Take an invitation back",
    params: PersonParams,
    status: 204,
  },
  ({ caller, params }) => endInvitation(caller, params.id),
);
export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
