import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { Billed } from "./billed-schema";
import type { Reconcile, ReconcileSessionsPage } from "./reconcile-schema";

/** The API's parameters at the moment of asking: a range may move with the clock. */
type Params = () => URLSearchParams;

export const GROUPS_PAGE = 20;
export const WORST_PAGE = 25;

/** Totals and groups. `key` names the range and what it is grouped by. */
export function reconcile(key: string, params: Params) {
  return queryOptions({
    queryKey: ["costs", "reconcile", key],
    queryFn: ({ signal }) => api<Reconcile>(`/api/v1/reconcile?${params()}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

/** All groups, page after page. */
export function reconcileGroups(key: string, params: Params) {
  return infiniteQueryOptions({
    queryKey: ["costs", "reconcile-groups", key],
    queryFn: ({ pageParam, signal }) =>
      api<Reconcile>(`/api/v1/reconcile?${paged(params(), GROUPS_PAGE, pageParam)}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

/** The bill, day by day. */
export function billedDays(key: string, params: Params) {
  return queryOptions({
    queryKey: ["costs", "billed", key],
    queryFn: ({ signal }) => api<Billed>(`/api/v1/reconcile/billed?${params()}`, { signal }),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** The sessions that are farthest off, page after page. `key` names range and filter. */
export function reconcileSessions(key: string, params: Params) {
  return infiniteQueryOptions({
    queryKey: ["costs", "reconcile-sessions", key],
    queryFn: ({ pageParam, signal }) =>
      api<ReconcileSessionsPage>(
        `/api/v1/reconcile/sessions?${paged(params(), WORST_PAGE, pageParam)}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

function paged(params: URLSearchParams, limit: number, cursor: string | null): URLSearchParams {
  params.set("limit", String(limit));
  if (cursor !== null) params.set("cursor", cursor);
  return params;
}
