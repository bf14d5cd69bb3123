import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";
import { EVENTS_PAGE, WINDOW_SPANS } from "./page-sizes";
import { searchOf, sessionEvents, sessionEventsPage } from "./queries";
import type { EventItem, EventsPage, TracePage } from "./schema";

/** What of a session's events is read: a thread ("all" for every one), types (none for all), text. */
export type EventsChoice = { thread: string; types: readonly string[]; q?: string };

/** The parameters of a choice, in one form for server and browser. */
export function choiceParams(choice: EventsChoice) {
  return {
    ...(choice.thread === "all" ? {} : { thread: choice.thread }),
    ...(choice.types.length === 0 ? {} : { types: [...choice.types] }),
    ...(choice.q ? { q: choice.q } : {}),
  };
}

/** Events from the start on: what a session page opens with. */
export function eventsFromStart(id: string, choice: EventsChoice) {
  return sessionEvents(id, { ...choiceParams(choice), order: "asc", limit: EVENTS_PAGE });
}

export function eventsFromEnd(id: string, choice: EventsChoice) {
  return sessionEvents(id, { ...choiceParams(choice), order: "desc", limit: EVENTS_PAGE });
}

export function eventsAround(id: string, choice: EventsChoice, eventId: string) {
  return sessionEvents(id, {
    ...choiceParams(choice),
    order: "asc",
    limit: EVENTS_PAGE,
    around: eventId,
  });
}

/**
 * Events from an instant on, asked again and again while a session is watched. The last answer stays
 * until the next one, as long as the same choice is asked for; another `phase` asks anew.
 */
export function eventsSince(
  id: string,
  asked: { choice: EventsChoice; from: string | null; phase: "live" | "resting" },
) {
  const { choice, from, phase } = asked;
  const params = { ...choiceParams(choice), from, limit: 1000 };
  const same = JSON.stringify({ id, choice });
  return queryOptions({
    queryKey: ["sessions", "events-since", same, from, phase],
    queryFn: ({ signal }) => pageSince(id, params, signal),
    staleTime: 1000,
    placeholderData: (previous: EventsPage | undefined, query) =>
      query?.queryKey[2] === same ? previous : undefined,
  });
}

/** A page, and those behind it as long as nothing but the first instant has come: large events go alone. */
async function pageSince(
  id: string,
  params: { from: string | null; limit: number },
  signal: AbortSignal,
): Promise<EventsPage> {
  const { from, ...rest } = params;
  const data: EventItem[] = [];
  for (let cursor: string | null = null; ; ) {
    const search = searchOf({ ...rest, from: from ?? undefined, cursor: cursor ?? undefined });
    const path = `/api/v1/sessions/${encodeURIComponent(id)}/events${search}`;
    const page: EventsPage = await api<EventsPage>(path, { signal });
    data.push(...page.data);
    cursor = page.next_cursor;
    if (cursor === null || data.some(({ at }) => at !== from)) return { ...page, data };
  }
}

/** Spans that touch a stretch of time, both ends included: what a page of events needs beside itself. */
export function spansBetween(id: string, { from, to }: { from: string; to: string }) {
  const endUs = microsFromIso(to);
  const range = { from, to: endUs === null ? to : isoFromMicros(endUs + 1) };
  return queryOptions({
    queryKey: ["sessions", "trace-range", { id, ...range }],
    queryFn: ({ signal }) =>
      api<TracePage>(
        `/api/v1/sessions/${encodeURIComponent(id)}/trace${searchOf({ ...range, limit: WINDOW_SPANS })}`,
        { signal },
      ),
    staleTime: 10_000,
  });
}

/** The event at or after an instant (`from`), or at or before it (`to`). */
export function eventAt(id: string, bound: { from: string } | { to: string }) {
  const order = "from" in bound ? ("asc" as const) : ("desc" as const);
  return sessionEventsPage(id, { ...bound, order, limit: 1 });
}

const SENT_TYPES = [
  "user.message",
  "user.interrupt",
  "user.tool_confirmation",
  "user.custom_tool_result",
  "user.tool_result",
  "system.message",
];

/** Events that wait for the platform to take them in: they have no time and stand at the end. */
export function untimedEvents(id: string) {
  return {
    ...sessionEventsPage(id, { order: "desc", types: SENT_TYPES, limit: 50 }),
    select: (page: { data: EventItem[] }) => page.data.filter((item) => item.at === null).reverse(),
  };
}
