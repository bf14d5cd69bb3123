import { NewKey } from "@/lib/auth/keys-schema";
import { createKey } from "@/lib/auth/keys-service";
import type { Scope } from "@/lib/auth/schema";

/** A fresh key of the first workspace, as a header. */
export async function bearer(...scopes: Scope[]): Promise<{ authorization: string }> {
  const owner = { workspace: "default", createdBy: "", createdById: null };
  const { key } = await createKey(owner, NewKey.parse({ name: "test", scopes }));
  return { authorization: `Bearer ${key}` };
}

/** An answer's status and body together, so that a failed expectation shows both. */
export async function read(response: Response): Promise<{ status: number; body: unknown }> {
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}
