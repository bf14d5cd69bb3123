/** The pages that exist, in the order of the navigation. */
export const PAGES = [
  { path: "/", label: "Overview", keys: "g o" },
  { path: "/sessions", label: "Sessions", keys: "g s" },
  { path: "/import", label: "Import", keys: "g i" },
] as const;

/** Pages that others lead to, and the palette. */
export const MORE_PAGES = [{ path: "/rejected", label: "Rejected items", keys: "g x" }] as const;

export function isCurrent(path: string, pathname: string): boolean {
  return path === "/" ? pathname === "/" : pathname === path || pathname.startsWith(`${path}/`);
}
