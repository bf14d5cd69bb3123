import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { RejectedCounts, RejectedFilter } from "@/lib/rejected/schema";
import { countRejected } from "@/lib/rejected/store";

export const GET = route(
  {
    auth: "read",
    summary: "How many items were rejected, by reason, kind and source",
    query: RejectedFilter,
    response: RejectedCounts,
  },
  ({ caller, query }) => countRejected(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
