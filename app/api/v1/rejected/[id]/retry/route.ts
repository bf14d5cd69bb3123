import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { RejectedParams, Retry, RetryAnswer } from "@/lib/rejected/schema";
import { retryItem } from "@/lib/rejected/service";

export const POST = route(
  {
    auth: "write",
    audit: "rejected.retried",
    summary: "Try a rejected item again, as it is or changed",
    params: RejectedParams,
    body: Retry,
    response: RetryAnswer,
  },
  ({ caller, params, body }) => retryItem(caller.workspace, params.id, body, new Date()),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
