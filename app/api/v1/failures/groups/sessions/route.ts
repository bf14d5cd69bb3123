import { GroupSessionsPage, GroupSessionsQuery } from "@/lib/failures/schema";
import { readSessionsOfGroup } from "@/lib/failures/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "read",
    summary: "The sessions that had an error of a group, the last first",
    query: GroupSessionsQuery,
    response: GroupSessionsPage,
  },
  ({ caller, query }) => readSessionsOfGroup(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
