/** The pages that exist, in the order of the navigation, each with the scope it needs. */
export const PAGES = [
  { path: "/", label: "Overview", keys: "g o", needs: "figures" },
  { path: "/sessions", label: "Sessions", keys: "g s", needs: "figures" },
  { path: "/costs", label: "Costs", keys: "g c", needs: "figures" },
  { path: "/failures", label: "Failures", keys: "g e", needs: "figures" },
  { path: "/agents", label: "Agents", keys: "g a", needs: "figures" },
  { path: "/alerts", label: "Alerts", keys: "g l", needs: "figures" },
  { path: "/costs/reconcile", label: "Reconcile", keys: "g r", needs: "figures" },
  { path: "/fleet", label: "Fleet", keys: "g f", needs: "figures" },
  { path: "/import", label: "Import", keys: "g i", needs: "ingest" },
  { path: "/settings", label: "Settings", keys: "g ,", needs: "figures" },
] as const;

/** Pages that others lead to, and the palette. */
export const MORE_PAGES = [
  { path: "/rejected", label: "Rejected items", keys: "g x", needs: "read" },
  { path: "/settings/prices", label: "Prices", keys: "g p", needs: "figures" },
  { path: "/settings/dimensions", label: "Dimensions", keys: "g d", needs: "figures" },
  { path: "/settings/masking", label: "Masking", keys: "g m", needs: "read" },
  { path: "/settings/retention", label: "Retention", keys: "g t", needs: "admin" },
  { path: "/settings/people", label: "People", keys: "g h", needs: "admin" },
  { path: "/settings/audit", label: "Audit log", keys: "g u", needs: "admin" },
  { path: "/settings/keys", label: "API keys", keys: "g k", needs: "admin" },
  { path: "/account", label: "Your account", keys: "g y", needs: "figures" },
  { path: "/costs/what-if", label: "What if", keys: "g w", needs: "figures" },
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
  { path: "/settings/connections", label: "Connections", needs: "admin" },
  { path: "/settings/prices", label: "Prices", needs: "figures" },
  { path: "/settings/dimensions", label: "Dimensions", needs: "figures" },
  { path: "/settings/masking", label: "Masking", needs: "read" },
  { path: "/settings/retention", label: "Retention", needs: "admin" },
  { path: "/settings/people", label: "People", needs: "admin" },
  { path: "/settings/keys", label: "API keys", needs: "admin" },
  { path: "/settings/audit", label: "Audit", needs: "admin" },
] as const;

const holds = (path: string, pathname: string) =>
  pathname === path || (path !== "/" && pathname.startsWith(`${path}/`));

/** Whether the page with this path is the one that is open: of two that lie in each other, the inner one. */
export function isCurrent(path: string, pathname: string): boolean {
  const open = PAGES.filter((page) => holds(page.path, pathname));
  return holds(path, pathname) && open.every((page) => page.path.length <= path.length);
}
