import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { AffectedAnswer, ErrorGroups, GroupSessionsPage, StuckPage } from "./schema";

const SESSIONS_PAGE = 10;

/** The API's parameters at the moment of asking: a range may move with the clock. */
type Params = () => Promise<URLSearchParams>;

/** Errors by what they say. `key` names range, filter and how many, as they stand in the URL. */
export function errorGroups(key: string, params: Params) {
  return queryOptions({
    queryKey: ["failures", "groups", key],
    queryFn: async ({ signal }) =>
      api<ErrorGroups>(`/api/v1/failures/groups?${await params()}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

/** The sessions of one group, page after page. */
export function groupSessions(key: string, params: Params) {
  return infiniteQueryOptions({
    queryKey: ["failures", "group-sessions", key],
    queryFn: async ({ pageParam, signal }) => {
      const asked = await params();
      asked.set("limit", `${SESSIONS_PAGE}`);
      if (pageParam !== null) asked.set("cursor", pageParam);
      return api<GroupSessionsPage>(`/api/v1/failures/groups/sessions?${asked}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 10_000,
  });
}

/** How many sessions failing tools and servers have touched. */
export function affectedSessions(key: string, params: Params) {
  return queryOptions({
    queryKey: ["failures", "affected", key],
    queryFn: async ({ signal }) =>
      api<AffectedAnswer>(`/api/v1/failures/affected?${await params()}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

/** What stands still now, whatever the range. */
export function stuckSessions(params: URLSearchParams) {
  return queryOptions({
    queryKey: ["failures", "stuck", `${params}`],
    queryFn: ({ signal }) => api<StuckPage>(`/api/v1/failures/stuck?${params}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}
