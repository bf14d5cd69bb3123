import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { Savings } from "./schema";

/** `key` names range and filters; `ask` gives the API's parameters at the moment of asking. */
export function cacheSavings(key: string, ask: () => Promise<URLSearchParams>) {
  return queryOptions({
    queryKey: ["savings", key],
    queryFn: async ({ signal }) => api<Savings>(`/api/v1/costs/cache?${await ask()}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}
