import type { Action } from "./rule-parts";

/** What an action has come to; the first two are on their way. */
export const ACTION_STATES = [
  ...(["waiting", "sending"] as const),
  ...(["sent", "noted", "withheld", "failed"] as const),
] as const;
export type ActionState = (typeof ACTION_STATES)[number];

/** How things are when a session is about to be interrupted. */
export type Standing = {
  /** Null when the rule is gone or paused; `action` as it is written now. */
  rule: { action: Action | null; dryRun: boolean } | null;
  isEpisodeOpen: boolean;
  /** Null when it is gone. */
  outcome: string | null;
  /** Null for a session that no connection reads. */
  connection: { interrupts: boolean; perHour: number } | null;
  /** Sent within the last hour. */
  lately: { byRule: number; byConnection: number };
};

export type Verdict = { kind: "send" } | { kind: "note" } | { kind: "withhold"; reason: string };

const withhold = (reason: string): Verdict => ({ kind: "withhold", reason });

/** Whether the session is interrupted now; a dry run stops at everything but the switch and the limits. */
export function verdictOf(standing: Standing): Verdict {
  const { rule, isEpisodeOpen, outcome, connection, lately } = standing;
  if (rule === null) return withhold("The rule was deleted or paused meanwhile.");
  if (rule.action === null) return withhold("The rule takes no action any more.");
  if (!isEpisodeOpen) return withhold("The episode was over already.");
  if (outcome === null) return withhold("The session is gone.");
  if (outcome !== "running" && outcome !== "waiting")
    return withhold("The session had ended already.");
  if (connection === null) return withhold("No connection leads to the session: it was pushed.");
  if (rule.action.mode === "dry_run" || rule.dryRun) return { kind: "note" };
  if (!connection.interrupts) return withhold("Interrupts are switched off for the connection.");
  if (lately.byRule >= rule.action.per_hour)
    return withhold(`The rule has interrupted ${lately.byRule} sessions within an hour.`);
  if (lately.byConnection >= connection.perHour)
    return withhold(
      `Rules have interrupted ${lately.byConnection} of its sessions within an hour.`,
    );
  return { kind: "send" };
}

export const MOST_ATTEMPTS = 5;

/** After so many attempts the next one comes so much later, and not before the platform asked for. */
export const waitAfter = (attempts: number, askedMs: number): number =>
  Math.max(askedMs, 5_000 * 3 ** (attempts - 1));
