"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type Asked, isAllTime, OLDEST } from "@/components/metrics/asked";
import { useLiveInterval } from "@/components/shell/live";
import { metricAnswers, type Questions } from "@/lib/metrics/queries";
import { sessionsTop } from "@/lib/sessions/list-queries";

/** How often a page of metrics asks anew while it is live. */
export const LIVE_MS = 15_000;

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
