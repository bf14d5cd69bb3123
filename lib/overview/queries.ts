import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { Overview } from "./schema";

/** Needs attention, figures, charts, agents and what runs now. `key` names range, comparison and zone. */
export function overview(key: string, params: () => URLSearchParams) {
  return queryOptions({
    queryKey: ["overview", "page", key],
    queryFn: ({ signal }) => api<Overview>(`/api/v1/overview?${params()}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}
