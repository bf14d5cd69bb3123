import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type {
  FindQuery,
  Found,
  Minimap,
  SessionCounts,
  ToolsAnswer,
  TurnsPage,
  TurnsQuery,
} from "./detail-schema";
import type { EventsQuery, TraceQuery } from "./query-schema";
import type { EventsPage, SessionItem, TracePage } from "./schema";
import type { ViewsPage } from "./views-schema";

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

const at = (id: string, rest = "") => `/api/v1/sessions/${encodeURIComponent(id)}${rest}`;

export function sessionDetail(id: string) {
  return queryOptions({
    queryKey: ["sessions", "detail", id],
    queryFn: ({ signal }) => api<SessionItem>(at(id), { signal }),
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

export function sessionEventsPage(id: string, query: EventsParams & { cursor?: string }) {
  return queryOptions({
    queryKey: ["sessions", "events-page", { id, ...query }],
    queryFn: ({ signal }) => api<EventsPage>(at(id, `/events${searchOf(query)}`), { signal }),
    staleTime: 10_000,
  });
}

/** Pages in both directions; `around` starts in the middle. */
export function sessionEvents(id: string, query: EventsParams) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "events", { id, ...query }],
    queryFn: ({ pageParam, signal }) => {
      const { around, ...rest } = query;
      const params = pageParam === null ? query : { ...rest, cursor: pageParam };
      return api<EventsPage>(at(id, `/events${searchOf(params)}`), { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    getPreviousPageParam: (first) => first.prev_cursor,
    staleTime: 10_000,
  });
}

export function sessionTrace(id: string, query: Partial<Omit<TraceQuery, "cursor">>) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "trace", { id, ...query }],
    queryFn: ({ pageParam, signal }) => {
      const params = { ...query, cursor: pageParam ?? undefined };
      return api<TracePage>(at(id, `/trace${searchOf(params)}`), { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 10_000,
  });
}

export function sessionFind(id: string, query: Partial<FindQuery> & Pick<FindQuery, "what">) {
  return queryOptions({
    queryKey: ["sessions", "find", { id, ...query }],
    queryFn: ({ signal }) => api<Found>(at(id, `/find${searchOf(query)}`), { signal }),
    staleTime: 10_000,
  });
}

export function sessionMinimap(id: string, query: { buckets?: number }) {
  return queryOptions({
    queryKey: ["sessions", "minimap", { id, ...query }],
    queryFn: ({ signal }) => api<Minimap>(at(id, `/minimap${searchOf(query)}`), { signal }),
    staleTime: 10_000,
  });
}

export function sessionTools(id: string) {
  return queryOptions({
    queryKey: ["sessions", "tools", id],
    queryFn: ({ signal }) => api<ToolsAnswer>(at(id, "/tools"), { signal }),
    staleTime: 10_000,
  });
}

export function sessionTurns(id: string, query: Partial<Omit<TurnsQuery, "cursor">>) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "turns", { id, ...query }],
    queryFn: ({ pageParam, signal }) => {
      const params = { ...query, cursor: pageParam ?? undefined };
      return api<TurnsPage>(at(id, `/turns${searchOf(params)}`), { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 10_000,
  });
}

export function savedViews(room: "sessions") {
  return queryOptions({
    queryKey: ["sessions", "views", { room }],
    queryFn: ({ signal }) => api<ViewsPage>(`/api/v1/views${searchOf({ room })}`, { signal }),
    staleTime: 10_000,
  });
}
