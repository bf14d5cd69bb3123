import { RuleParams, RuleTest, RuleTestAnswer } from "@/lib/alerts/rules-schema";
import { testRule } from "@/lib/alerts/test-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "write",
    audit: "rule.tested",
    summary: "Send a rule's message as a test where its alerts go, and see what each answers",
    params: RuleParams,
    body: RuleTest.default({ status: "opened", escalation: false }),
    response: RuleTestAnswer,
  },
  ({ caller, params, body }) => testRule({ workspace: caller.workspace, ...params }, body),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
