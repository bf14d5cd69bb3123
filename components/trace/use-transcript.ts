"use client";
import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useLiveInterval } from "@/components/shell/live";
import { useTrace } from "@/components/trace/trace-context";
import { type EventWindow, useEventWindow } from "@/components/trace/use-event-window";
import { LIVE_MS } from "@/components/trace/use-session-data";
import { mergeEvents, rangeOf } from "@/lib/sessions/event-window";
import { typesOf } from "@/lib/sessions/event-words";
import { type EventsChoice, spansBetween, untimedEvents } from "@/lib/sessions/page-queries";
import { EVENTS_PAGE } from "@/lib/sessions/page-sizes";
import { sessionTurns } from "@/lib/sessions/queries";
import type { EventItem, SpanItem } from "@/lib/sessions/schema";
import { keepRows } from "@/lib/sessions/stable-rows";
import { assembleTranscript } from "@/lib/sessions/transcript";
import type { TranscriptRow } from "@/lib/sessions/transcript-rows";
import { microsFromIso } from "@/lib/time/micros";

/** The rows to read, and the window of events they come from. */
export function useTranscript(): {
  rows: readonly TranscriptRow[];
  window: EventWindow;
  /** The replayed instant the rows stand for; null in the present. */
  untilUs: number | null;
} {
  const { session, data, state, anchor, replay } = useTrace();
  const { thread, categories } = state;
  const categoryKey = categories.join();
  const choice = useMemo<EventsChoice>(
    () => ({ thread, types: typesOf(categoryKey === "" ? [] : categoryKey.split(",")) }),
    [thread, categoryKey],
  );
  const window = useEventWindow({ session, choice, anchor, live: data.live });
  const spans = useSpansOf(window.events);
  const turns = useTurns(window.events);
  const interval = useLiveInterval(LIVE_MS);
  const { data: untimed = NONE } = useQuery({
    ...untimedEvents(session),
    refetchInterval: data.live ? interval : false,
  });
  // While playing, rows change only when the next event's instant is reached.
  const untilUs = useLastInstant(window.events, replay.atUs);
  const events = useMemo(
    () => (choice.types.length === 0 ? mergeEvents(window.events, untimed) : window.events),
    [window.events, untimed, choice],
  );
  const shown = useRef<readonly TranscriptRow[]>([]);
  const rows = useMemo(() => {
    return keepRows(
      shown.current,
      assembleTranscript({
        events,
        spans,
        turns,
        threads: data.page.threads ?? NONE,
        view: thread,
        edges: { start: window.atStart, end: window.atEnd },
        untilUs,
      }),
    );
  }, [events, spans, turns, data.page.threads, thread, window.atStart, window.atEnd, untilUs]);
  useEffect(() => {
    shown.current = rows;
  }, [rows]);
  return { rows, window, untilUs };
}

const NONE: never[] = [];

/** Spans around the events at hand: the session's own where they are few, else page by page. */
function useSpansOf(events: readonly EventItem[]): readonly SpanItem[] {
  const { session, data } = useTrace();
  const ranges = useMemo(() => {
    if (data.allSpans) return NONE;
    const parts: { from: string; to: string }[] = [];
    for (let at = 0; at < events.length; at += EVENTS_PAGE) {
      const range = rangeOf(events.slice(at, at + EVENTS_PAGE));
      if (range) parts.push(range);
    }
    return parts;
  }, [events, data.allSpans]);
  const loaded = useQueries({
    queries: ranges.map((range) => ({ ...spansBetween(session, range), staleTime: STEADY_MS })),
    combine: combineSpans,
  });
  return data.allSpans ?? loaded;
}

const STEADY_MS = 60_000;

function combineSpans(results: { data: { data: SpanItem[] } | undefined }[]): SpanItem[] {
  const spans = new Map<string, SpanItem>();
  for (const { data } of results) for (const span of data?.data ?? []) spans.set(span.id, span);
  return [...spans.values()];
}

/** Turns with their figures as far as the events at hand reach. */
function useTurns(events: readonly EventItem[]) {
  const { session, data } = useTrace();
  const interval = useLiveInterval(LIVE_MS * 2);
  const turns = useInfiniteQuery({
    ...sessionTurns(session, { limit: 200 }),
    refetchInterval: data.live ? interval : false,
  });
  const all = useMemo(() => (turns.data?.pages ?? []).flatMap((page) => page.data), [turns.data]);
  const last = events.findLast((item) => item.at !== null)?.at ?? null;
  const reached = all.at(-1)?.started_at ?? null;
  const { hasNextPage, isFetching, fetchNextPage } = turns;
  const short = hasNextPage && !isFetching && last !== null && reached !== null && reached < last;
  useEffect(() => {
    if (short) fetchNextPage();
  }, [short, fetchNextPage]);
  return all;
}

/** The last event's instant at or before the replayed one; null in the present. */
function useLastInstant(events: readonly EventItem[], atUs: number | null): number | null {
  const instants = useMemo(
    () => events.flatMap((item) => (item.at === null ? [] : [microsFromIso(item.at) ?? 0])),
    [events],
  );
  if (atUs === null) return null;
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? 0) <= atUs) low = middle + 1;
    else high = middle;
  }
  return instants[low - 1] ?? atUs;
}
