import { ErrorGroups, ErrorGroupsQuery } from "@/lib/failures/schema";
import { readErrorGroups } from "@/lib/failures/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Errors and failed calls by what they say, with when they were first and last seen",
    query: ErrorGroupsQuery,
    response: ErrorGroups,
  },
  ({ caller, query }) => readErrorGroups(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
