import { BacktestRequest, ThresholdCounts } from "@/lib/alerts/rules-schema";
import { tryThresholds } from "@/lib/alerts/tuning-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "read",
    summary: "How often a rule would have fired by each of many bounds",
    body: BacktestRequest,
    response: ThresholdCounts,
  },
  ({ caller, body }) => tryThresholds(caller.workspace, body),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
