import { PeopleAnswer } from "@/lib/auth/people-schema";
import { readPeople } from "@/lib/auth/people-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "admin", summary: "People, and invitations not accepted yet", response: PeopleAnswer },
  ({ caller }) => readPeople(caller.workspace),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
