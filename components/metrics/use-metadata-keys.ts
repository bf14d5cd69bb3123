"use client";
import { useQuery } from "@tanstack/react-query";
import type { Facets } from "@/components/sessions/filter-menu";
import { promotedKeys } from "@/lib/metrics/promoted-queries";

/** The metadata keys to choose among: the promoted ones, which answer quickest, and the others that sessions have. */
export function useMetadataKeys(facets: Facets | undefined): {
  promoted: string[];
  others: string[];
} {
  const { data } = useQuery(promotedKeys());
  const promoted = (data?.dimensions ?? [])
    .filter(({ promotion }) => promotion?.state === "ready")
    .map(({ key }) => key);
  const seen = (facets?.metadata ?? []).map(({ key }) => key);
  return { promoted, others: seen.filter((key) => !promoted.includes(key)) };
}
