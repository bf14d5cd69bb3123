import { api } from "@/lib/http/client";
import type { ConnectionTestAnswer } from "./schema";

/** What a connection's stored key can see at this moment. */
export const testStoredConnection = (id: string) =>
  api<ConnectionTestAnswer>(`/api/v1/connections/${encodeURIComponent(id)}/test`, {
    method: "POST",
  });
