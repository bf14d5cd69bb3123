import { NewInvitation, OneTimeLink } from "@/lib/auth/people-schema";
import { invite } from "@/lib/auth/people-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "admin",
    audit: "person.invited",
    summary: "Invite somebody; the link is told this once",
    body: NewInvitation,
    response: OneTimeLink,
    status: 201,
  },
  ({ caller, body }) => invite(caller, body),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
