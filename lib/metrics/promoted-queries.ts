import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { DimensionItem, DimensionsAnswer } from "./promoted-schema";

const PATH = "/api/v1/dimensions";

/** The metadata keys there are, and which of them are promoted. */
export function dimensionsList() {
  return queryOptions({
    queryKey: ["metrics", "dimensions", "all"],
    queryFn: ({ signal }) => api<DimensionsAnswer>(PATH, { signal }),
    staleTime: 10_000,
  });
}

/** The promoted keys alone, for pickers. */
export function promotedKeys() {
  return queryOptions({
    queryKey: ["metrics", "dimensions", "promoted"],
    queryFn: ({ signal }) => api<DimensionsAnswer>(`${PATH}?promoted=true`, { signal }),
    staleTime: 60_000,
  });
}

export const promoteKey = (key: string) =>
  api<DimensionItem>(PATH, { method: "PUT", body: { key } });

export const demoteKey = (key: string) =>
  api<void>(`${PATH}?key=${encodeURIComponent(key)}`, { method: "DELETE" });
