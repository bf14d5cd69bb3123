import { RuleParams, WaitSuggestion } from "@/lib/alerts/rules-schema";
import { suggestWait } from "@/lib/alerts/tuning-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "read",
    summary: "Whether waiting longer would spare a rule's alerts, by a backtest of the last week",
    params: RuleParams,
    response: WaitSuggestion,
  },
  ({ caller, params }) => suggestWait(caller.workspace, params.id),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
