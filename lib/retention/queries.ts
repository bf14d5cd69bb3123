import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { ErasureItem, ErasurePreview, ErasuresAnswer, NewErasure } from "./erasure-schema";
import type { HoldItem, HoldsAnswer, NewHold } from "./hold-schema";
import type { RetentionAnswer, RetentionChange, RetentionDue, RetentionRunItem } from "./schema";
import type { ErasureSubject } from "./subject-schema";

const PATH = "/api/v1/retention";

export function retentionSettings() {
  return queryOptions({
    queryKey: ["retention", "settings"],
    queryFn: ({ signal }) => api<RetentionAnswer>(PATH, { signal }),
    staleTime: 10_000,
  });
}

export const changeRetention = (change: RetentionChange) =>
  api<RetentionAnswer>(PATH, { method: "PUT", body: change });

/** Reads every session: kept for as long as somebody looks at it. */
export function retentionDue(revision: number) {
  return queryOptions({
    queryKey: ["retention", "due", revision],
    queryFn: ({ signal }) => api<RetentionDue>(`${PATH}/due`, { signal }),
    staleTime: 60_000,
  });
}

export const runRetention = () => api<RetentionRunItem>(`${PATH}/runs`, { method: "POST" });

export function holdsList() {
  return queryOptions({
    queryKey: ["retention", "holds"],
    queryFn: ({ signal }) => api<HoldsAnswer>("/api/v1/holds", { signal }),
    staleTime: 10_000,
  });
}

export const placeHold = (hold: NewHold) =>
  api<HoldItem>("/api/v1/holds", { method: "POST", body: hold });

export const liftHold = (id: string) =>
  api<HoldItem>(`/api/v1/holds/${encodeURIComponent(id)}`, { method: "DELETE" });

export function erasuresList() {
  return queryOptions({
    queryKey: ["retention", "erasures"],
    queryFn: ({ signal }) => api<ErasuresAnswer>("/api/v1/erasures", { signal }),
    staleTime: 10_000,
  });
}

export const previewErasure = (subject: ErasureSubject) =>
  api<ErasurePreview>("/api/v1/erasures/preview", { method: "POST", body: { subject } });

export const askToErase = (erasure: NewErasure) =>
  api<ErasureItem>("/api/v1/erasures", { method: "POST", body: erasure });
