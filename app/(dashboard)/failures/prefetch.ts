import { QueryClient } from "@tanstack/react-query";
import { prefetchMetrics } from "@/app/(dashboard)/prefetch-metrics";
import { failureQuestions, failuresKey, refusedParams } from "@/components/failures/questions";
import { type Asked, sessionsKey } from "@/components/metrics/asked";

/** What the failures page shows at first. */
export async function prefetchFailures(workspace: string, asked: Asked): Promise<QueryClient> {
  const client = new QueryClient();
  const nowMs = Date.now();
  const top = { key: `refused ${sessionsKey(asked)}`, params: refusedParams(asked, nowMs) };
  await prefetchMetrics(client, {
    ...{ workspace, asked, nowMs, top },
    key: failuresKey(asked),
    questions: failureQuestions,
  });
  return client;
}
