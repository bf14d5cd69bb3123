import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type {
  FindQuery,
  Found,
  Minimap,
  RetainedAnswer,
  SessionCounts,
  ToolsAnswer,
  TurnsPage,
  TurnsQuery,
} from "./detail-schema";
import type { Named } from "./named";
import type { EventsQuery, TraceQuery } from "./query-schema";
import type { EventsPage, SessionDetail, TracePage } from "./schema";
import type { ViewItem, ViewsPage } from "./views-schema";

type Values = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Parameters as a query string in a fixed order; lists repeat, what is undefined is left out. */
export function searchOf(values: Values): string {
  const params = new URLSearchParams();
  for (const name of Object.keys(values).sort()) {
    const value = values[name];
    if (value === undefined) continue;
    for (const item of typeof value === "object" ? value : [value]) params.append(name, `${item}`);
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** The path of something of a session, with what is asked. */
export function pathOf({ id, connection }: Named, rest = "", query: Values = {}): string {
  return `/api/v1/sessions/${encodeURIComponent(id)}${rest}${searchOf({ ...query, connection })}`;
}

export function sessionDetail(of: Named) {
  return queryOptions({
    queryKey: ["sessions", "detail", of],
    queryFn: ({ signal }) => api<SessionDetail>(pathOf(of), { signal }),
    staleTime: 10_000,
  });
}

/** `params` are the list's filter as API parameters; the caller keeps their order fixed. */
export function sessionCounts(key: string, params: () => URLSearchParams) {
  return queryOptions({
    queryKey: ["sessions", "counts", key],
    queryFn: ({ signal }) => api<SessionCounts>(`/api/v1/sessions/counts?${params()}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

type EventsParams = Partial<Omit<EventsQuery, "cursor">>;

export function sessionEventsPage(of: Named, query: EventsParams & { cursor?: string }) {
  return queryOptions({
    queryKey: ["sessions", "events-page", { ...of, ...query }],
    queryFn: ({ signal }) => api<EventsPage>(pathOf(of, "/events", query), { signal }),
    staleTime: 10_000,
  });
}

/** Pages in both directions; `around` starts in the middle. */
export function sessionEvents(of: Named, query: EventsParams) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "events", { ...of, ...query }],
    queryFn: ({ pageParam, signal }) => {
      const { around, ...rest } = query;
      const params = pageParam === null ? query : { ...rest, cursor: pageParam };
      return api<EventsPage>(pathOf(of, "/events", params), { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    getPreviousPageParam: (first) => first.prev_cursor,
    staleTime: 10_000,
  });
}

export function sessionTrace(of: Named, query: Partial<Omit<TraceQuery, "cursor">>) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "trace", { ...of, ...query }],
    queryFn: ({ pageParam, signal }) => {
      const params = { ...query, cursor: pageParam ?? undefined };
      return api<TracePage>(pathOf(of, "/trace", params), { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 10_000,
  });
}

export function sessionFind(of: Named, query: Partial<FindQuery> & Pick<FindQuery, "what">) {
  return queryOptions({
    queryKey: ["sessions", "find", { ...of, ...query }],
    queryFn: ({ signal }) => api<Found>(pathOf(of, "/find", query), { signal }),
    staleTime: 10_000,
  });
}

export function sessionMinimap(of: Named, query: { buckets?: number }) {
  return queryOptions({
    queryKey: ["sessions", "minimap", { ...of, ...query }],
    queryFn: ({ signal }) => api<Minimap>(pathOf(of, "/minimap", query), { signal }),
    staleTime: 10_000,
  });
}

export function sessionTools(of: Named) {
  return queryOptions({
    queryKey: ["sessions", "tools", of],
    queryFn: ({ signal }) => api<ToolsAnswer>(pathOf(of, "/tools"), { signal }),
    staleTime: 10_000,
  });
}

export function sessionRetained(of: Named) {
  return queryOptions({
    queryKey: ["sessions", "retained", of],
    queryFn: ({ signal }) => api<RetainedAnswer>(pathOf(of, "/retained"), { signal }),
    staleTime: 60_000,
  });
}

export function sessionTurns(of: Named, query: Partial<Omit<TurnsQuery, "cursor">>) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "turns", { ...of, ...query }],
    queryFn: ({ pageParam, signal }) => {
      const params = { ...query, cursor: pageParam ?? undefined };
      return api<TurnsPage>(pathOf(of, "/turns", params), { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 10_000,
  });
}

export function savedViews(room: ViewItem["room"]) {
  return queryOptions({
    queryKey: ["sessions", "views", { room }],
    queryFn: ({ signal }) => api<ViewsPage>(`/api/v1/views${searchOf({ room })}`, { signal }),
    staleTime: 10_000,
  });
}
