"use client";
import {
  type InfiniteData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useLiveInterval } from "@/components/shell/live";
import type { Anchor } from "@/components/trace/trace-url";
import { LIVE_MS, RESTING_MS } from "@/components/trace/use-session-data";
import { eventKey, inTime, mergeEvents, rangeOf } from "@/lib/sessions/event-window";
import type { Named } from "@/lib/sessions/named";
import {
  type EventsChoice,
  eventsAround,
  eventsFromEnd,
  eventsFromStart,
  eventsSince,
} from "@/lib/sessions/page-queries";
import { EVENT_PAGES_KEPT } from "@/lib/sessions/page-sizes";
import type { EventItem, EventsPage } from "@/lib/sessions/schema";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";

export type EventWindow = {
  /** In the session's order; the part at hand. */
  events: readonly EventItem[];
  atStart: boolean;
  atEnd: boolean;
  loadBefore: () => void;
  loadAfter: () => void;
  loading: "first" | "before" | "after" | null;
  error: Error | null;
  retry: () => void;
};

/** Pages of events around a place, growing both ways, and at the end with the session. */
export function useEventWindow(given: {
  session: Named;
  choice: EventsChoice;
  anchor: Anchor;
  live: boolean;
}): EventWindow {
  const { session, choice, anchor, live } = given;
  const options =
    anchor.kind === "start"
      ? eventsFromStart(session, choice)
      : anchor.kind === "end"
        ? eventsFromEnd(session, choice)
        : eventsAround(session, choice, anchor.id);
  const query = useInfiniteQuery({
    ...options,
    maxPages: EVENT_PAGES_KEPT,
    // Pages stay as they came: what is new comes at the end, what was late when the session rests.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const backwards = anchor.kind === "end";
  const base = useMemo(() => flat(query.data, backwards), [query.data, backwards]);
  const hasBefore = backwards ? query.hasNextPage : query.hasPreviousPage;
  const hasAfter = backwards ? query.hasPreviousPage : query.hasNextPage;
  const atEnd = !hasAfter && query.data !== undefined;
  // What came live stays, and comes once more when the session has come to rest.
  const [watched, setWatched] = useState(live);
  if (live && !watched) setWatched(true);
  const tail = useTail({ session, choice, base, live, enabled: watched && atEnd });
  useAbsorb({ queryKey: options.queryKey, base, tail, backwards });
  const events = useMemo(() => (tail ? mergeEvents(base, tail.data) : base), [base, tail]);
  const older = () => void (backwards ? query.fetchNextPage() : query.fetchPreviousPage());
  const newer = () => void (backwards ? query.fetchPreviousPage() : query.fetchNextPage());
  const fetchingBefore = backwards ? query.isFetchingNextPage : query.isFetchingPreviousPage;
  const fetchingAfter = backwards ? query.isFetchingPreviousPage : query.isFetchingNextPage;
  return {
    events,
    atStart: !hasBefore && query.data !== undefined,
    atEnd,
    loadBefore: () => hasBefore && !query.isFetching && older(),
    loadAfter: () => hasAfter && !query.isFetching && newer(),
    loading: query.isPending ? "first" : fetchingBefore ? "before" : fetchingAfter ? "after" : null,
    error: query.error,
    retry: () =>
      void (query.data
        ? query.isFetchNextPageError
          ? query.fetchNextPage()
          : query.fetchPreviousPage()
        : query.refetch()),
  };
}

function flat(
  data: InfiniteData<EventsPage, unknown> | undefined,
  backwards: boolean,
): EventItem[] {
  const all = (data?.pages ?? []).flatMap((page) => page.data);
  // Pages made of what came live hold late events too.
  return inTime(backwards ? all.reverse() : all);
}

/** How far before the last event new ones are looked for: lists of child threads come later. */
const OVERLAP_US = 60_000_000;

/** What came since: events near and after the last one at hand, asked for again and again. */
function useTail(given: {
  session: Named;
  choice: EventsChoice;
  base: readonly EventItem[];
  live: boolean;
  enabled: boolean;
}): EventsPage | null {
  const { session, choice, base, live, enabled } = given;
  const refetchInterval = useLiveInterval(live ? LIVE_MS : RESTING_MS);
  const known = useMemo(() => rangeOf(base), [base]);
  const firstUs = microsFromIso(known?.from ?? "");
  const lastUs = microsFromIso(known?.to ?? "");
  const phase = live ? "live" : "resting";
  const page = (fromUs: number | null) => ({
    ...eventsSince(session, {
      choice,
      phase,
      from: fromUs === null ? null : isoFromMicros(fromUs),
    }),
    refetchInterval,
  });
  const reach = lastUs === null ? null : Math.max(lastUs - OVERLAP_US, firstUs ?? 0);
  const wide = useQuery({ ...page(reach), enabled });
  // Where so much happens that the look back alone fills an answer, only what is new is asked for.
  const crowded = enabled && wide.data?.next_cursor != null;
  const tight = useQuery({ ...page(lastUs), enabled: crowded });
  if (!enabled) return null;
  return (crowded ? tight.data : wide.data) ?? null;
}

/** New events become a page of their own when they are many, so that the tail asked for stays short. */
const ABSORB = 200;

function useAbsorb(given: {
  queryKey: readonly unknown[];
  base: readonly EventItem[];
  tail: EventsPage | null;
  backwards: boolean;
}): void {
  const { queryKey, base, tail, backwards } = given;
  const client = useQueryClient();
  const fresh = useMemo(() => {
    if (!tail) return [];
    const known = new Set(base.map(eventKey));
    return tail.data.filter((item) => item.at !== null && !known.has(eventKey(item)));
  }, [base, tail]);
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    if (!tail || (fresh.length < ABSORB && tail.next_cursor === null) || fresh.length === 0) return;
    type Data = InfiniteData<EventsPage, string | null>;
    client.setQueryData<Data>(JSON.parse(key), (old) => {
      if (!old) return old;
      const page: EventsPage = {
        data: backwards ? [...fresh].reverse() : fresh,
        next_cursor: backwards ? (old.pages[0]?.next_cursor ?? null) : null,
        prev_cursor: backwards ? null : (old.pages.at(-1)?.prev_cursor ?? null),
      };
      return backwards
        ? { pages: [page, ...old.pages], pageParams: [null, ...old.pageParams] }
        : { pages: [...old.pages, page], pageParams: [...old.pageParams, null] };
    });
  }, [client, key, fresh, tail, backwards]);
}
