import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { ConnectionItem, ConnectionPatch, ConnectionsPage, NewConnection } from "./schema";

/** The workspace's connections with their progress. */
export function connectionsList() {
  return queryOptions({
    queryKey: ["connections", "list"],
    queryFn: ({ signal }) => api<ConnectionsPage>("/api/v1/connections", { signal }),
    staleTime: 1_000,
  });
}

export type Wish = Pick<NewConnection, "name" | "base_url" | "api_key">;

export const createConnection = (wish: Wish) =>
  api<ConnectionItem>("/api/v1/connections", { method: "POST", body: wish });

export const changeConnection = (id: string, patch: ConnectionPatch) =>
  api<ConnectionItem>(`/api/v1/connections/${encodeURIComponent(id)}`, {
    method: "PATCH",
    body: patch,
  });

export type Seen = { ok: true } | { ok: false; message: string };

/** What a key can see, before it is stored. */
export const testConnection = ({ base_url, api_key }: Wish) =>
  api<Seen>("/api/v1/connections/test", { method: "POST", body: { base_url, api_key } });
