import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { MetricsAnswer, MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";

export const GET = route(
  {
    auth: "figures",
    summary: "Metrics over a range, step by step, in groups",
    query: MetricsQuery,
    response: MetricsAnswer,
  },
  ({ caller, query }) => readMetrics(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
