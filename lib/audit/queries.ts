import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import { type Range, resolveRange } from "@/lib/time/range";
import type { AuditPage } from "./schema";

const PATH = "/api/v1/audit";

/** The API's filter for a page's filter and range; a range that moves with the clock has no end. */
export function auditParams(filter: string, range: Range, nowMs: number): URLSearchParams {
  const params = new URLSearchParams(filter);
  const span = resolveRange(range, nowMs);
  if (span) params.set("from", new Date(span.fromMs).toISOString());
  if (span && range.kind === "fixed") params.set("to", new Date(span.toMs).toISOString());
  return params;
}

export function auditList(filter: string, range: Range) {
  return infiniteQueryOptions({
    queryKey: ["audit", "list", filter, range],
    queryFn: ({ pageParam, signal }) => {
      const params = auditParams(filter, range, Date.now());
      if (pageParam !== null) params.set("cursor", pageParam);
      return api<AuditPage>(`${PATH}?${params}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

export function auditFile(format: "csv" | "ndjson", filter: string, range: Range): string {
  const params = auditParams(filter, range, Date.now());
  params.set("format", format);
  return `${PATH}/export?${params}`;
}
