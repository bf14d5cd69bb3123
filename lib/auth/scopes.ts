import type { Scope } from "./schema";

const INCLUDED: Record<Scope, readonly Scope[]> = {
  ingest: ["ingest"],
  read: ["read"],
  write: ["write", "read"],
  admin: ["admin", "write", "read", "ingest"],
};

export function allows(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => INCLUDED[scope].includes(needed));
}
