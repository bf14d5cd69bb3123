import { QueryClient } from "@tanstack/react-query";
import { prefetchMetrics, valuesOf } from "@/app/(dashboard)/prefetch-metrics";
import {
  failureQuestions,
  failuresKey,
  groupsParams,
  rangeKey,
  rangeParams,
  refusedParams,
  stuckParams,
} from "@/components/failures/questions";
import { type Asked, isAllTime, sessionsKey } from "@/components/metrics/asked";
import { affectedSessions, errorGroups, stuckSessions } from "@/lib/failures/queries";
import { AffectedQuery, ErrorGroupsQuery, StuckQuery } from "@/lib/failures/schema";
import { readAffectedBy, readErrorGroups } from "@/lib/failures/service";
import { readStuck } from "@/lib/failures/sessions-store";

/** What the failures page shows at first. */
export async function prefetchFailures(workspace: string, asked: Asked): Promise<QueryClient> {
  const client = new QueryClient();
  const nowMs = Date.now();
  const top = { key: `refused ${sessionsKey(asked)}`, params: refusedParams(asked, nowMs) };
  const page = { workspace, asked, nowMs, top, key: failuresKey(asked) };
  const stuck = stuckParams(asked);
  await Promise.all([
    prefetchMetrics(client, { ...page, questions: failureQuestions }),
    client.prefetchQuery({
      ...stuckSessions(stuck),
      queryFn: () => readStuck(workspace, StuckQuery.parse(valuesOf(stuck))),
    }),
    // All time has no beginning yet: the page asks for it.
    ...(isAllTime(asked.scope) ? [] : ofRange(client, workspace, asked, nowMs)),
  ]);
  return client;
}

function ofRange(client: QueryClient, workspace: string, asked: Asked, nowMs: number) {
  const groups = groupsParams(asked, nowMs, Number.NaN);
  const range = rangeParams(asked, nowMs, Number.NaN);
  return [
    client.prefetchQuery({
      ...errorGroups(`${rangeKey(asked)} ${asked.params.get("groups")}`, async () => groups),
      queryFn: () => readErrorGroups(workspace, ErrorGroupsQuery.parse(valuesOf(groups))),
    }),
    client.prefetchQuery({
      ...affectedSessions(rangeKey(asked), async () => range),
      queryFn: () => readAffectedBy(workspace, AffectedQuery.parse(valuesOf(range))),
    }),
  ];
}
