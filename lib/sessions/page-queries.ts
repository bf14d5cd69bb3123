import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";
import type { Named } from "./named";
import { EVENTS_PAGE, WINDOW_SPANS } from "./page-sizes";
import { pathOf, sessionEvents, sessionEventsPage } from "./queries";
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
export function eventsFromStart(of: Named, choice: EventsChoice) {
  return sessionEvents(of, { ...choiceParams(choice), order: "asc", limit: EVENTS_PAGE });
}

export function eventsFromEnd(of: Named, choice: EventsChoice) {
  return sessionEvents(of, { ...choiceParams(choice), order: "desc", limit: EVENTS_PAGE });
}

export function eventsAround(of: Named, choice: EventsChoice, eventId: string) {
  return sessionEvents(of, {
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
  of: Named,
  asked: { choice: EventsChoice; from: string | null; phase: "live" | "resting" },
) {
  const { choice, from, phase } = asked;
  const params = { ...choiceParams(choice), from, limit: 1000 };
  const same = JSON.stringify({ ...of, choice });
  return queryOptions({
    queryKey: ["sessions", "events-since", same, from, phase],
    queryFn: ({ signal }) => pageSince(of, params, signal),
    staleTime: 1000,
    placeholderData: (previous: EventsPage | undefined, query) =>
      query?.queryKey[2] === same ? previous : undefined,
  });
}

/** A page, and those behind it as long as nothing but the first instant has come: large events go alone. */
async function pageSince(
  of: Named,
  params: { from: string | null; limit: number },
  signal: AbortSignal,
): Promise<EventsPage> {
  const { from, ...rest } = params;
  const data: EventItem[] = [];
  for (let cursor: string | null = null; ; ) {
    const search = { ...rest, from: from ?? undefined, cursor: cursor ?? undefined };
    const page: EventsPage = await api<EventsPage>(pathOf(of, "/events", search), { signal });
    data.push(...page.data);
    cursor = page.next_cursor;
    if (cursor === null || data.some(({ at }) => at !== from)) return { ...page, data };
  }
}

/** Spans that touch a stretch of time, both ends included: what a page of events needs beside itself. */
export function spansBetween(of: Named, { from, to }: { from: string; to: string }) {
  const endUs = microsFromIso(to);
  const range = { from, to: endUs === null ? to : isoFromMicros(endUs + 1) };
  return queryOptions({
    queryKey: ["sessions", "trace-range", { ...of, ...range }],
    queryFn: ({ signal }) =>
      api<TracePage>(pathOf(of, "/trace", { ...range, limit: WINDOW_SPANS }), { signal }),
    staleTime: 10_000,
  });
}

/** The event at or after an instant (`from`), or at or before it (`to`). */
export function eventAt(of: Named, bound: { from: string } | { to: string }) {
  const order = "from" in bound ? ("asc" as const) : ("desc" as const);
  return sessionEventsPage(of, { ...bound, order, limit: 1 });
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
export function untimedEvents(of: Named) {
  return {
    ...sessionEventsPage(of, { order: "desc", types: SENT_TYPES, limit: 50 }),
    select: (page: { data: EventItem[] }) => page.data.filter((item) => item.at === null).reverse(),
  };
}
