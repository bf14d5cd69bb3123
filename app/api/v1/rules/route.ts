import { NewRule } from "@/lib/alerts/rule-schema";
import { createRule, readRules } from "@/lib/alerts/rule-service";
import { RuleItem, RulesPage, RulesQuery } from "@/lib/alerts/rules-schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "figures", summary: "Rules, and how they stand", query: RulesQuery, response: RulesPage },
  ({ caller, query }) => readRules(caller.workspace, query),
);

export const POST = route(
  {
    auth: "write",
    audit: "rule.created",
    summary: "Make a rule",
    body: NewRule,
    response: RuleItem,
    status: 201,
  },
  ({ caller, body }) => createRule(caller, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
