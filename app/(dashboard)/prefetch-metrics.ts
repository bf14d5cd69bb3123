import type { QueryClient } from "@tanstack/react-query";
import {
  type Asked,
  isAllTime,
  OLDEST,
  sessionsKey,
  sessionsParams,
} from "@/components/metrics/asked";
import { type QueryValues, readQuery } from "@/lib/http/query";
import { readAnswers } from "@/lib/metrics/page-service";
import { metricAnswers, type Questions } from "@/lib/metrics/queries";
import { readCounts } from "@/lib/sessions/counts-store";
import { sessionsTop } from "@/lib/sessions/list-queries";
import { readSessions } from "@/lib/sessions/list-store";
import { sessionCounts } from "@/lib/sessions/queries";
import { SessionFilter, SessionsQuery } from "@/lib/sessions/query-schema";

/** A query as the API would read it. */
export const valuesOf = (params: URLSearchParams): QueryValues =>
  readQuery(`http://page/?${params}`);

type Page = {
  workspace: string;
  asked: Asked;
  nowMs: number;
  key: string;
  questions: (asked: Asked, nowMs: number, firstMs: number) => Questions;
  /** A short list of sessions beside the metrics. */
  top: { key: string; params: URLSearchParams };
};

/** What a page of metrics shows at first; what cannot be read is asked again by the page, and fails there. */
export async function prefetchMetrics(client: QueryClient, page: Page): Promise<void> {
  const { workspace, asked, nowMs, top } = page;
  const counted = sessionsParams(asked, nowMs);
  const sessions = (params: URLSearchParams) =>
    readSessions(workspace, SessionsQuery.parse(valuesOf(params)));
  const questions = async () => {
    const oldest = isAllTime(asked.scope) ? await sessions(new URLSearchParams(OLDEST)) : null;
    return page.questions(asked, nowMs, Date.parse(oldest?.data[0]?.started_at ?? ""));
  };
  await Promise.all([
    client.prefetchQuery({
      ...metricAnswers(page.key, questions),
      queryFn: async () => readAnswers(workspace, await questions(), new Date(nowMs)),
    }),
    client.prefetchQuery({
      ...sessionCounts(sessionsKey(asked), () => counted),
      queryFn: () => readCounts(workspace, SessionFilter.parse(valuesOf(counted))),
    }),
    client.prefetchQuery({
      ...sessionsTop(top.key, () => top.params),
      queryFn: () => sessions(top.params),
    }),
  ]);
}
