import { backtestRule } from "@/lib/alerts/backtest-service";
import { BacktestAnswer, BacktestRequest } from "@/lib/alerts/rules-schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "read",
    summary: "How often a rule would have fired, judged over stored history",
    body: BacktestRequest,
    response: BacktestAnswer,
  },
  ({ caller, body }) => backtestRule(caller.workspace, body),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
