import { api } from "@/lib/http/client";
import type { KeyCreated, NewKey } from "./schema";

/** A new key, told this once. */
export function createKey(key: NewKey): Promise<KeyCreated> {
  return api<KeyCreated>("/api/v1/keys", { method: "POST", body: key });
}
