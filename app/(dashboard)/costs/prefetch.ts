import { QueryClient } from "@tanstack/react-query";
import { costQuestions, costsKey, topParams } from "@/components/costs/questions";
import {
  type Asked,
  isAllTime,
  OLDEST,
  sessionsKey,
  sessionsParams,
} from "@/components/metrics/asked";
import { readQuery } from "@/lib/http/query";
import { readAnswers } from "@/lib/metrics/page-service";
import { metricAnswers } from "@/lib/metrics/queries";
import { readCounts } from "@/lib/sessions/counts-store";
import { sessionsTop } from "@/lib/sessions/list-queries";
import { readSessions } from "@/lib/sessions/list-store";
import { sessionCounts } from "@/lib/sessions/queries";
import { SessionFilter, SessionsQuery } from "@/lib/sessions/query-schema";

const valuesOf = (params: URLSearchParams) => readQuery(`http://page/?${params}`);

/** What the costs page shows at first; what cannot be read is asked again by the page, and fails there. */
export async function prefetchCosts(workspace: string, asked: Asked): Promise<QueryClient> {
  const client = new QueryClient();
  const nowMs = Date.now();
  const key = sessionsKey(asked);
  const counted = sessionsParams(asked, nowMs);
  const top = topParams(asked, nowMs);
  const sessions = (params: URLSearchParams) =>
    readSessions(workspace, SessionsQuery.parse(valuesOf(params)));
  const questions = async () => {
    const oldest = isAllTime(asked.scope) ? await sessions(new URLSearchParams(OLDEST)) : null;
    return costQuestions(asked, nowMs, Date.parse(oldest?.data[0]?.started_at ?? ""));
  };
  await Promise.all([
    client.prefetchQuery({
      ...metricAnswers(costsKey(asked), questions),
      queryFn: async () => readAnswers(workspace, await questions(), new Date(nowMs)),
    }),
    client.prefetchQuery({
      ...sessionCounts(key, () => counted),
      queryFn: () => readCounts(workspace, SessionFilter.parse(valuesOf(counted))),
    }),
    client.prefetchQuery({ ...sessionsTop(key, () => top), queryFn: () => sessions(top) }),
  ]);
  return client;
}
