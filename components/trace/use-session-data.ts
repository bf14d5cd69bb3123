"use client";
import { useInfiniteQuery, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLiveInterval } from "@/components/shell/live";
import { useHints } from "@/components/shell/use-hints";
import type { Named } from "@/lib/sessions/named";
import { FIRST_SPANS, MINIMAP_BUCKETS } from "@/lib/sessions/page-sizes";
import { pathOf, sessionDetail, sessionMinimap, sessionTrace } from "@/lib/sessions/queries";
import type { SessionItem, TracePage } from "@/lib/sessions/schema";
import { stripOf } from "@/lib/sessions/strip";

export const LIVE_MS = 3000;
export const RESTING_MS = 30_000;
const HINT_REST_MS = 1_000;

/** A session something can still happen in within seconds. */
function isLive(item: SessionItem): boolean {
  const status = item.status ?? "";
  return (
    ["running", "waiting", "new"].includes(item.outcome) ||
    ["running", "rescheduling"].includes(status)
  );
}

/** The primary thread is run by the session's agent, also where nobody said so of the thread itself. */
function withNames(page: TracePage, item: SessionItem): TracePage {
  const threads = (page.threads ?? []).map((thread) =>
    thread.id === null && thread.agent.name === null
      ? { ...thread, agent: { ...thread.agent, name: item.agent.name } }
      : thread,
  );
  return { ...page, threads };
}

const NO_PAGE: TracePage = { data: [], next_cursor: null, threads: [], state_band: [], marks: [] };

/** The session, its first spans and its minimap, asked again while something happens in it. */
export function useSessionData(session: Named) {
  const soon = useLiveInterval(LIVE_MS);
  const later = useLiveInterval(RESTING_MS);
  const { data: item } = useSuspenseQuery({
    ...sessionDetail(session),
    refetchInterval: ({ state }) => (state.data && isLive(state.data) ? soon : later),
  });
  const live = isLive(item);
  useHints(pathOf(session, "/live"), {
    restMs: HINT_REST_MS,
    clockMs: live ? LIVE_MS : RESTING_MS,
  });
  // What came later than the data at hand may have been the session's end: one more look at it all.
  const trace = useInfiniteQuery({
    ...sessionTrace(session, { limit: FIRST_SPANS }),
    refetchInterval: live ? soon : later,
  });
  const map = useQuery({
    ...sessionMinimap(session, { buckets: MINIMAP_BUCKETS }),
    refetchInterval: live ? soon : later,
  });
  const first = trace.data?.pages[0];
  const page = useMemo(() => first && withNames(first, item), [first, item]);
  const strip = useMemo(() => (map.data ? stripOf(map.data) : null), [map.data]);
  return {
    item,
    live,
    page: page ?? NO_PAGE,
    timelineError: page && map.data ? null : (trace.error ?? map.error),
    retryTimeline: () => {
      if (!page) void trace.refetch();
      if (!map.data) void map.refetch();
    },
    minimap: map.data ?? null,
    strip,
    allSpans: page && page.next_cursor === null ? page.data : null,
  };
}
