import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ApiError, api } from "@/lib/http/client";
import type { SessionItem, SessionsPage } from "./schema";
import type { NewView, ViewItem } from "./views-schema";

export const LIST_PAGE = 100;

/** The API's parameters at the moment of asking: a range may move with the clock. */
type Params = () => URLSearchParams;

/** The list, page after page. `key` names filter, order and range as they stand in the URL. */
export function sessionsList(key: string, params: Params) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "list", key],
    queryFn: ({ pageParam, signal }) => readPage(params(), pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

/** One page asked again, to see what changed in it: the rows of the list stay where they are. */
export function sessionsPageAt(key: string, params: Params, cursor: string | null) {
  return queryOptions({
    queryKey: ["sessions", "page", key, cursor],
    queryFn: ({ signal }) => readPage(params(), cursor, signal),
    staleTime: 1000,
    gcTime: 10_000,
  });
}

function readPage(params: URLSearchParams, cursor: string | null, signal: AbortSignal) {
  params.set("limit", String(LIST_PAGE));
  if (cursor !== null) params.set("cursor", cursor);
  return api<SessionsPage>(`/api/v1/sessions?${params}`, { signal });
}

export function saveView(view: NewView): Promise<ViewItem> {
  return api<ViewItem>("/api/v1/views", { method: "POST", body: view });
}

export function deleteView(id: string): Promise<void> {
  return api<void>(`/api/v1/views/${encodeURIComponent(id)}`, { method: "DELETE" });
}

/** A session that is expected: null until it has come. */
export function awaitSession(id: string) {
  return queryOptions({
    queryKey: ["sessions", "awaited", id],
    queryFn: async ({ signal }) => {
      try {
        return await api<SessionItem>(`/api/v1/sessions/${encodeURIComponent(id)}`, { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: (query) => (query.state.data ? false : 2000),
    staleTime: 0,
  });
}

const FOUND = 8;

/** The newest few sessions that hold the words; nothing for fewer than two letters. */
export function sessionsSearch(text: string) {
  return queryOptions({
    queryKey: ["sessions", "search", text],
    queryFn: ({ signal }) =>
      api<SessionsPage>(`/api/v1/sessions?${new URLSearchParams({ q: text, limit: `${FOUND}` })}`, {
        signal,
      }),
    enabled: text.length >= 2,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

/** The first few of a list, for a page that shows only these. `params` hold the limit. */
export function sessionsTop(key: string, params: Params) {
  return queryOptions({
    queryKey: ["sessions", "top", key],
    queryFn: ({ signal }) => api<SessionsPage>(`/api/v1/sessions?${params()}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}
