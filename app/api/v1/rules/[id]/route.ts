import { NewRule } from "@/lib/alerts/rule-schema";
import { deleteRule, pauseRule, readRuleItem, replaceRule } from "@/lib/alerts/rule-service";
import { RuleItem, RuleParams, RulePatch } from "@/lib/alerts/rules-schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

const params = RuleParams;

export const GET = route(
  { auth: "read", summary: "A rule", params, response: RuleItem },
  ({ caller, params: { id } }) => readRuleItem(caller.workspace, id),
);

export const PUT = route(
  { auth: "write", summary: "Write a rule anew", params, body: NewRule, response: RuleItem },
  ({ caller, params: { id }, body }) => replaceRule(caller, id, body),
);

export const PATCH = route(
  {
    ...{ auth: "write", summary: "Pause or resume a rule", params, response: RuleItem },
    body: RulePatch,
  },
  ({ caller, params: { id }, body }) => pauseRule(caller, id, body.paused),
);

export const DELETE = route(
  { auth: "write", summary: "Delete a rule; its alerts are closed", params, status: 204 },
  async ({ caller, params: { id } }) => {
    await deleteRule(caller, id);
    return undefined;
  },
);

export const { POST, OPTIONS } = otherMethods("GET", "PUT", "PATCH", "DELETE");
