import { OneTimeLink, PersonParams } from "@/lib/auth/people-schema";
import { makePasswordLink } from "@/lib/auth/people-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "admin",
    audit: "person.link_made",
    summary: "A link by which a person sets a new password; it is told this once",
    params: PersonParams,
    response: OneTimeLink,
    status: 201,
  },
  ({ caller, params }) => makePasswordLink(caller, params.id),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
