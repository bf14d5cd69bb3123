"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  type Asked,
  filtersOf,
  isAllTime,
  OLDEST,
  sessionsKey,
  sessionsParams,
} from "@/components/metrics/asked";
import { namesIn } from "@/components/sessions/filter-menu";
import { useLiveInterval } from "@/components/shell/live";
import { useScope, useUrlState } from "@/components/shell/scope";
import { metricAnswers, type Questions } from "@/lib/metrics/queries";
import { sessionsTop } from "@/lib/sessions/list-queries";
import { sessionCounts } from "@/lib/sessions/queries";

/** How often a page of metrics asks anew while it is live. */
export const LIVE_MS = 15_000;

/** Range, filters and zone of a page of metrics, from the URL, and what can be filtered by. */
export function useAsked() {
  const { params, set } = useUrlState();
  const { scope, tz } = useScope();
  const text = params.toString();
  const asked: Asked = useMemo(
    () => ({ params: new URLSearchParams(text), scope, tz }),
    [text, scope, tz],
  );
  const counts = useQuery(
    sessionCounts(sessionsKey(asked), () => sessionsParams(asked, Date.now())),
  );
  const facets = counts.data?.facets;
  const nameOf = useMemo(() => namesIn(facets), [facets]);
  return { asked, params: asked.params, filters: filtersOf(asked.params), set, facets, nameOf };
}

/** What is asked at a moment; `firstMs` is the first session's start, NaN without one. */
type Ask<T> = (asked: Asked, nowMs: number, firstMs: number) => T;

/** Asks at the moment it is called; all time begins with the first session there is. */
export function useNowAsking(asked: Asked) {
  const client = useQueryClient();
  return async <T>(ask: Ask<T>): Promise<T> => {
    const oldest = isAllTime(asked.scope)
      ? await client.fetchQuery(sessionsTop("oldest", () => new URLSearchParams(OLDEST)))
      : null;
    return ask(asked, Date.now(), Date.parse(oldest?.data[0]?.started_at ?? ""));
  };
}

/** The answers to what a page asks. `key` names it. */
export function useAnswers(asked: Asked, key: string, ask: Ask<Questions>) {
  const now = useNowAsking(asked);
  const refetchInterval = useLiveInterval(LIVE_MS);
  return useQuery({ ...metricAnswers(key, () => now(ask)), refetchInterval });
}
