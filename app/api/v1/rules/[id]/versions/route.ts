import { readRuleVersions } from "@/lib/alerts/rule-service";
import { RuleParams, RuleVersions } from "@/lib/alerts/rules-schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "figures", summary: "A rule as it was", params: RuleParams, response: RuleVersions },
  ({ caller, params }) => readRuleVersions(caller.workspace, params.id),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
