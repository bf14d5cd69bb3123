import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { FleetPageOf, FleetSummary } from "./schema";
import type { FleetKind } from "./words";

export const FLEET_PAGE = 100;

/** The API's parameters at the moment of asking: a range may move with the clock. */
type Params = () => URLSearchParams;

/** One kind, page after page; `Row` is the kind's. `key` names words, order and range as they stand in the URL. */
export function fleetList<Row>(kind: FleetKind, key: string, params: Params) {
  return infiniteQueryOptions({
    queryKey: ["fleet", kind, key],
    queryFn: ({ pageParam, signal }) => {
      const asked = params();
      asked.set("limit", String(FLEET_PAGE));
      if (pageParam !== null) asked.set("cursor", pageParam);
      return api<FleetPageOf<Row>>(`/api/v1/fleet/${kind}?${asked}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** How much there is of each kind. `key` names the range. */
export function fleetSummary(key: string, params: Params) {
  return queryOptions({
    queryKey: ["fleet", "summary", key],
    queryFn: ({ signal }) => api<FleetSummary>(`/api/v1/fleet?${params()}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
