export const FLEET_KINDS = ["agents", "deployments", "environments", "resources"] as const;
export type FleetKind = (typeof FLEET_KINDS)[number];

export const FLEET_SORTS = [
  "advice",
  "name",
  "last_used_at",
  "sessions",
  "failed",
  "cost",
  "cost_per_session",
] as const;
export type FleetSort = (typeof FLEET_SORTS)[number];

/** `act`: something fails, or soon will. `look`: a person should decide. `tidy`: it costs attention only. */
export const LEVELS = ["act", "look", "tidy"] as const;
