import { changePerson, removePerson } from "@/lib/auth/member-service";
import { KeysOfLeaver, PeopleAnswer, PersonParams, PersonPatch } from "@/lib/auth/people-schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const PATCH = route(
  {
    auth: "admin",
    audit: "person.changed",
    summary: "Give a person another role, or let them open content by a break-glass",
    params: PersonParams,
    body: PersonPatch,
    response: PeopleAnswer,
  },
  ({ caller, params, body }) => changePerson(caller, params.id, body),
);

export const DELETE = route(
  {
    auth: "admin",
    audit: "person.removed",
    summary: "Remove a person",
    params: PersonParams,
    query: KeysOfLeaver,
    status: 204,
  },
  ({ caller, params, query }) => removePerson(caller, params.id, query),
);

export const { GET, POST, PUT, OPTIONS } = otherMethods("PATCH", "DELETE");
