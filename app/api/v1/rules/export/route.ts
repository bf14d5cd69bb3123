import { readAllRules } from "@/lib/alerts/rule-service";
import { RulesPage } from "@/lib/alerts/rules-schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "read",
    audit: "rule.exported",
    summary: "Every rule, to be kept elsewhere",
    response: RulesPage,
  },
  ({ caller }) => readAllRules(caller.workspace),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
