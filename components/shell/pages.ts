/** The pages that exist, in the order of the navigation. */
export const PAGES = [
  { path: "/", label: "Overview", keys: "g o" },
  { path: "/sessions", label: "Sessions", keys: "g s" },
  { path: "/costs", label: "Costs", keys: "g c" },
  { path: "/failures", label: "Failures", keys: "g e" },
  { path: "/agents", label: "Agents", keys: "g a" },
  { path: "/alerts", label: "Alerts", keys: "g l" },
  { path: "/costs/reconcile", label: "Reconcile", keys: "g r" },
  { path: "/fleet", label: "Fleet", keys: "g f" },
  { path: "/import", label: "Import", keys: "g i" },
  { path: "/settings", label: "Settings", keys: "g ," },
] as const;

/** Pages that others lead to, and the palette. */
export const MORE_PAGES = [
  { path: "/rejected", label: "Rejected items", keys: "g x" },
  { path: "/settings/prices", label: "Prices", keys: "g p" },
  { path: "/settings/dimensions", label: "Dimensions", keys: "g d" },
  { path: "/settings/audit", label: "Audit log", keys: "g u" },
  { path: "/costs/what-if", label: "What if", keys: "g w" },
] as const;

/** In the order of their tabs. */
export const ALERT_PAGES = [
  { path: "/alerts", label: "Alerts" },
  { path: "/alerts/rules", label: "Rules" },
  { path: "/alerts/silences", label: "Silences" },
  { path: "/alerts/channels", label: "Channels" },
  { path: "/alerts/deliveries", label: "Deliveries" },
] as const;

/** In the order of their tabs. */
export const SETTINGS = [
  { path: "/settings/connections", label: "Connections" },
  { path: "/settings/prices", label: "Prices" },
  { path: "/settings/dimensions", label: "Dimensions" },
  { path: "/settings/audit", label: "Audit" },
] as const;

const holds = (path: string, pathname: string) =>
  pathname === path || (path !== "/" && pathname.startsWith(`${path}/`));

/** Whether the page with this path is the one that is open: of two that lie in each other, the inner one. */
export function isCurrent(path: string, pathname: string): boolean {
  const open = PAGES.filter((page) => holds(page.path, pathname));
  return holds(path, pathname) && open.every((page) => page.path.length <= path.length);
}
