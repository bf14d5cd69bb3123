import { NewRule } from "@/lib/alerts/rule-schema";
import { deleteRule, pauseRule, readRuleItem, replaceRule } from "@/lib/alerts/rule-service";
import { RuleItem, RuleParams, RulePatch } from "@/lib/alerts/rules-schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

const params = RuleParams;
const changed = { auth: "write", audit: "rule.changed", params, response: RuleItem } as const;
const deleted = { auth: "write", audit: "rule.deleted", params, status: 204 } as const;

export const GET = route(
  { auth: "figures", summary: "A rule", params, response: RuleItem },
  ({ caller, params: { id } }) => readRuleItem(caller.workspace, id),
);

export const PUT = route(
  { ...changed, summary: "Write a rule anew", body: NewRule },
  ({ caller, params: { id }, body }) => replaceRule(caller, id, body),
);

export const PATCH = route(
  { ...changed, summary: "Pause or resume a rule", body: RulePatch },
  ({ caller, params: { id }, body }) => pauseRule(caller, id, body.paused),
);

export const DELETE = route(
  { ...deleted, summary: "Delete a rule; its alerts are closed" },
  async ({ caller, params: { id } }) => {
    await deleteRule(caller, id);
    return undefined;
  },
);

export const { POST, OPTIONS } = otherMethods("GET", "PUT", "PATCH", "DELETE");
