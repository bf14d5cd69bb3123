import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { RetryManyAnswer, RetryManyQuery } from "@/lib/rejected/schema";
import { retryMatching } from "@/lib/rejected/service";

export const POST = route(
  {
    auth: "write",
    audit: "rejected.retried",
    summary: "Try the rejected items that match again, in parts",
    query: RetryManyQuery,
    response: RetryManyAnswer,
  },
  ({ caller, query }) => retryMatching(caller.workspace, query, new Date()),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
