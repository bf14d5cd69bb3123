import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { AgentDetail, AgentsPage, Comparison, Markers } from "./schema";

export const AGENTS_PAGE = 100;

/** The API's parameters at the moment of asking: a range may move with the clock. */
type Params = () => URLSearchParams;

const path = (id: string) => `/api/v1/agents/${encodeURIComponent(id)}`;

/** The catalogue, page after page. `key` names words, order and range as they stand in the URL. */
export function agentsList(key: string, params: Params) {
  return infiniteQueryOptions({
    queryKey: ["agents", "list", key],
    queryFn: ({ pageParam, signal }) => {
      const asked = params();
      asked.set("limit", String(AGENTS_PAGE));
      if (pageParam !== null) asked.set("cursor", pageParam);
      return api<AgentsPage>(`/api/v1/agents?${asked}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** One agent with its versions. `key` names the range. */
export function agentDetail(id: string, key: string, params: Params) {
  return queryOptions({
    queryKey: ["agents", "one", id, key],
    queryFn: ({ signal }) => api<AgentDetail>(`${path(id)}?${params()}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** Two versions of it side by side. `key` names the range and both. */
export function agentComparison(id: string, key: string, params: Params) {
  return queryOptions({
    queryKey: ["agents", "compare", id, key],
    queryFn: ({ signal }) => api<Comparison>(`${path(id)}/compare?${params()}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** When versions were first used. `key` names range and agents. */
export function versionMarkers(key: string, params: () => Promise<URLSearchParams>) {
  return queryOptions({
    queryKey: ["agents", "markers", key],
    queryFn: async ({ signal }) => api<Markers>(`/api/v1/markers?${await params()}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
