import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { Estimate, WhatIf } from "./schema";

/** `key` names range, filters and terms; `ask` gives the API's parameters at the moment of asking. */
export function whatIf(key: string, ask: () => Promise<URLSearchParams>) {
  return queryOptions({
    queryKey: ["whatif", "history", key],
    queryFn: async ({ signal }) => api<WhatIf>(`/api/v1/costs/what-if?${await ask()}`, { signal }),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

export function costEstimate(params: URLSearchParams) {
  return queryOptions({
    queryKey: ["whatif", "estimate", `${params}`],
    queryFn: ({ signal }) => api<Estimate>(`/api/v1/costs/estimate?${params}`, { signal }),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}
