import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { Prices, PricesChange, VersionDetail, VersionsPage } from "./prices-schema";

export const VERSIONS_PAGE = 10;

/** The prices that hold now, and the own terms among them. */
export function priceBook() {
  return queryOptions({
    queryKey: ["prices", "current"],
    queryFn: ({ signal }) => api<Prices>("/api/v1/prices", { signal }),
    staleTime: 10_000,
  });
}

/** Versions of the own terms, newest first. */
export function priceVersions() {
  return infiniteQueryOptions({
    queryKey: ["prices", "versions"],
    queryFn: ({ pageParam, signal }) =>
      api<VersionsPage>(
        `/api/v1/prices/versions?limit=${VERSIONS_PAGE}${pageParam === null ? "" : `&cursor=${pageParam}`}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 10_000,
  });
}

/** What a version changed. It never changes itself. */
export function priceVersion(number: number) {
  return queryOptions({
    queryKey: ["prices", "version", number],
    queryFn: ({ signal }) => api<VersionDetail>(`/api/v1/prices/versions/${number}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const savePrices = (change: PricesChange) =>
  api<Prices>("/api/v1/prices", { method: "PUT", body: change });
