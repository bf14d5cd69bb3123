/** What a server may leave out of what the API promises, and what a key may not read. */
export const WARNING_CODES = [
  "no_next_page",
  "no_event_ids",
  "no_processed_at",
  "no_status_idle",
  "cache_reads_in_input",
  "unreadable_agents",
  "unreadable_agent_versions",
  "unreadable_environments",
  "unreadable_deployments",
  "unreadable_deployment_runs",
  "unreadable_vaults",
  "unreadable_memory_stores",
  "unreadable_work_stats",
  "unreadable_models",
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

/** Something that was seen to be missing, so many times. */
export type Sighting = { code: WarningCode; count: number; example: string | null };

/** How long a kind has to be as documented before it is believed mended, in ms. */
const FRESH_MS = 7 * 86_400_000;

/** A warning that was not renewed for a week is history. */
export const isStanding = (lastSeenMs: number, nowMs: number) => nowMs - lastSeenMs < FRESH_MS;

const cannotRead = (what: string, consequence: string) =>
  `The key may not read ${what}, or the server has none: ${consequence}`;

/** What is missing, and what follows from it for what is shown here. */
export function warningWords(code: WarningCode): string {
  switch (code) {
    case "no_next_page":
      return "Lists do not say whether there is a next page (next_page). Sessions are read on by their creation time; long lists of threads may be cut off.";
    case "no_event_ids":
      return "Events come without an id. They are told apart by their content, and a tool's result cannot be joined to its call.";
    case "no_processed_at":
      return "Events come without a time (processed_at). Nothing can be said of their order and of how long things took.";
    case "no_status_idle":
      return "Sessions come to rest without a status_idle event. How their turns ended is not known, so neither is whether they failed.";
    case "cache_reads_in_input":
      return "input_tokens seems to count cache reads once more. Computed costs of these sessions are too high; the list cost is the server's own.";
    case "unreadable_agents":
      return cannotRead("agents", "only those that sessions name are known.");
    case "unreadable_agent_versions":
      return cannotRead("an agent's versions", "only the newest and those of sessions are known.");
    case "unreadable_environments":
      return cannotRead("environments", "their network limits are not known.");
    case "unreadable_deployments":
      return cannotRead("deployments", "schedules and pauses are not known.");
    case "unreadable_deployment_runs":
      return cannotRead("deployment runs", "runs that failed to start a session are not seen.");
    case "unreadable_vaults":
      return cannotRead("vaults", "only the ids that sessions name are known.");
    case "unreadable_memory_stores":
      return cannotRead("memory stores", "only the ids that sessions name are known.");
    case "unreadable_work_stats":
      return cannotRead("work queues", "waiting work of self-hosted environments is not seen.");
    case "unreadable_models":
      return cannotRead(
        "the list of models",
        "retirement dates come from this version's own list.",
      );
  }
}
