import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { Terms } from "./own-schema";
import type { Prices, PricesChange, VersionDetail, VersionsPage } from "./prices-schema";
import type {
  RepricingDetail,
  RepricingItem,
  RepricingKind,
  RepricingsAnswer,
} from "./repricing-schema";
import { NO_TERMS } from "./terms";

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

/** How history stands: what has other prices, and the last re-pricing. */
export function repricings() {
  return queryOptions({
    queryKey: ["prices", "repricings"],
    queryFn: ({ signal }) => api<RepricingsAnswer>("/api/v1/prices/repricings", { signal }),
    staleTime: 1_000,
  });
}

/** A re-pricing by day and agent; `state` is as last heard, for what is at work becomes another. */
export function repricing({ id, state }: Pick<RepricingItem, "id" | "state">) {
  return queryOptions({
    queryKey: ["prices", "repricing", id, state],
    queryFn: ({ signal }) => api<RepricingDetail>(`/api/v1/prices/repricings/${id}`, { signal }),
    staleTime: 1_000,
    placeholderData: keepPreviousData,
  });
}

export const startRepricing = (kind: RepricingKind) =>
  api<RepricingItem>("/api/v1/prices/repricings", { method: "POST", body: { kind } });

export const stopRepricing = (id: string) =>
  api<RepricingItem>(`/api/v1/prices/repricings/${id}`, { method: "DELETE" });

/** The terms of an earlier version; before the first there were none. */
export const readTerms = async (number: number): Promise<Terms> =>
  number === 0 ? NO_TERMS : (await api<VersionDetail>(`/api/v1/prices/versions/${number}`)).terms;
