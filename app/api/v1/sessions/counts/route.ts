import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { readCounts } from "@/lib/sessions/counts-store";
import { SessionCounts } from "@/lib/sessions/detail-schema";
import { SessionFilter } from "@/lib/sessions/query-schema";

export const GET = route(
  {
    auth: "figures",
    summary: "How many sessions a filter lets through, by facet",
    query: SessionFilter,
    response: SessionCounts,
  },
  ({ caller, query }) => readCounts(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
