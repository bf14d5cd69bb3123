import type { Scope } from "./schema";

/** From the one who may do most to the one who sees least. */
export const ROLES = ["admin", "operator", "viewer", "cost"] as const;
export type Role = (typeof ROLES)[number];

/**
 * What each scope lets do besides itself. `figures` is whatever tells nothing of what sessions said;
 * `read` is that too. Every operation and every page names the scope it needs, and this table is all
 * there is beside it.
 */
const INCLUDED: Record<Scope, readonly Scope[]> = {
  ingest: ["ingest"],
  figures: ["figures"],
  read: ["read", "figures"],
  write: ["write", "read", "figures"],
  admin: ["admin", "write", "read", "figures", "ingest"],
};

const SCOPES_OF: Record<Role, readonly Scope[]> = {
  admin: ["admin"],
  operator: ["write"],
  viewer: ["read"],
  cost: ["figures"],
};

/** What is stored is what we wrote; anything else may do nothing. */
export const roleOf = (text: string): Role | null => ROLES.find((role) => role === text) ?? null;

export const scopesOf = (role: Role): readonly Scope[] => SCOPES_OF[role];

export function allows(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => INCLUDED[scope].includes(needed));
}

export const ROLE_WORDS: Record<Role, { name: string; may: string }> = {
  admin: { name: "Admin", may: "everything: people, keys, connections and prices included" },
  operator: {
    name: "Operator",
    may: "sees everything; rules, silences, channels, budgets and views",
  },
  viewer: { name: "Viewer", may: "sees everything, changes nothing" },
  cost: {
    name: "Cost only",
    may: "sees figures, states and failures; nothing of what sessions said or did",
  },
};
