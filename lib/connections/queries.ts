import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type {
  ConnectionItem,
  ConnectionPatch,
  ConnectionsPage,
  NewConnection,
  RemoveQuery,
} from "./schema";
import type { DeliveriesPage, FailuresPage, Gaps } from "./webhook-schema";

const at = (id: string, rest = "") => `/api/v1/connections/${encodeURIComponent(id)}${rest}`;

/** The workspace's connections with their progress. */
export function connectionsList() {
  return queryOptions({
    queryKey: ["connections", "list"],
    queryFn: ({ signal }) => api<ConnectionsPage>("/api/v1/connections", { signal }),
    staleTime: 1_000,
  });
}

export function connectionDetail(id: string) {
  return queryOptions({
    queryKey: ["connections", "detail", id],
    queryFn: ({ signal }) => api<ConnectionItem>(at(id), { signal }),
    staleTime: 1_000,
  });
}

const WEBHOOKS_PAGE = 25;

const page = (cursor: string | null) =>
  `?limit=${WEBHOOKS_PAGE}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;

/** Webhooks that came, newest first. */
export function webhookDeliveries(id: string) {
  return infiniteQueryOptions({
    queryKey: ["connections", "deliveries", id],
    queryFn: ({ pageParam, signal }) =>
      api<DeliveriesPage>(at(id, `/deliveries${page(pageParam)}`), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 1_000,
  });
}

/** Webhooks that were refused, newest first. */
export function webhookFailures(id: string) {
  return infiniteQueryOptions({
    queryKey: ["connections", "failures", id],
    queryFn: ({ pageParam, signal }) =>
      api<FailuresPage>(at(id, `/failures${page(pageParam)}`), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 1_000,
  });
}

/** Webhooks of the last 24 hours that did not come. */
export function webhookGaps(id: string) {
  return queryOptions({
    queryKey: ["connections", "gaps", id],
    queryFn: ({ signal }) => api<Gaps>(at(id, "/gaps"), { signal }),
    staleTime: 30_000,
  });
}

export type Wish = Pick<NewConnection, "name" | "base_url" | "api_key">;

export const createConnection = (wish: Wish) =>
  api<ConnectionItem>("/api/v1/connections", { method: "POST", body: wish });

export const changeConnection = (id: string, patch: ConnectionPatch) =>
  api<ConnectionItem>(at(id), { method: "PATCH", body: patch });

export const removeConnection = (id: string, { data }: RemoveQuery) =>
  api<void>(at(id, `?data=${data}`), { method: "DELETE" });

export type Seen = { ok: true } | { ok: false; message: string };

/** What a key can see, before it is stored. */
export const testConnection = ({ base_url, api_key }: Omit<Wish, "name">) =>
  api<Seen>("/api/v1/connections/test", { method: "POST", body: { base_url, api_key } });
