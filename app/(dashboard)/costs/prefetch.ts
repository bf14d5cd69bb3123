import { QueryClient } from "@tanstack/react-query";
import { prefetchMetrics } from "@/app/(dashboard)/prefetch-metrics";
import { costQuestions, costsKey, topParams } from "@/components/costs/questions";
import { type Asked, sessionsKey } from "@/components/metrics/asked";

/** What the costs page shows at first. */
export async function prefetchCosts(workspace: string, asked: Asked): Promise<QueryClient> {
  const client = new QueryClient();
  const nowMs = Date.now();
  const top = { key: sessionsKey(asked), params: topParams(asked, nowMs) };
  const page = { workspace, asked, nowMs, key: costsKey(asked), questions: costQuestions, top };
  await prefetchMetrics(client, page);
  return client;
}
