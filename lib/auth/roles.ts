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

/** `isOpen`: while a break-glass of theirs is open, who sees figures alone sees content too, and changes nothing. */
export function scopesOf(role: Role, isOpen = false): readonly Scope[] {
  return isOpen && hidesContent(role) ? [...SCOPES_OF[role], "read"] : SCOPES_OF[role];
}

/** Whether a break-glass gives the role anything. */
export const hidesContent = (role: Role): boolean => !allows(SCOPES_OF[role], "read");

export function allows(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => INCLUDED[scope].includes(needed));
}

export const isAdmin = ({ scopes }: { scopes: readonly Scope[] }): boolean =>
  allows(scopes, "admin");

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
