// What the browser needs of the room's contract without the means to check it.

export const AGENT_SORTS = [
  "sessions",
  "name",
  "failure_rate",
  "cost",
  "cost_per_session",
  "cost_per_completed_session",
  "turn_p95",
  "last_used_at",
  "overridden",
] as const;
export type AgentSort = (typeof AGENT_SORTS)[number];

/** What a configuration consists of. */
export const AREAS = ["model", "system", "tools", "mcp_servers", "skills", "other"] as const;
export type Area = (typeof AREAS)[number];

/** Sessions that ended within it were short. */
export const SHORT_MS = 30_000;
