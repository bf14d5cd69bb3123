import type { DemoEvent } from "@/lib/demo/schema";

type SessionError = Extract<DemoEvent, { type: "session.error" }>["error"];
export type ErrorType = SessionError["type"];

export type EvaluationResult =
  | "needs_revision"
  | "satisfied"
  | "failed"
  | "max_iterations_reached"
  | "interrupted";

export type RefusalCategory =
  | "cyber"
  | "bio"
  | "frontier_llm"
  | "reasoning_extraction"
  | "general_harms"
  | null;

/** How a session's last turn ends. */
export type Ending =
  | { kind: "end_turn" }
  | { kind: "retries_exhausted"; error: ErrorType }
  | { kind: "terminated"; error: ErrorType }
  | { kind: "refused"; category: RefusalCategory }
  | { kind: "interrupted" }
  | { kind: "budget_reached"; raised: boolean };

export type Flag =
  /** Consults its advisor. */
  | "advisor"
  | "title"
  | "tools_update"
  | "future_event"
  | "image"
  | "document"
  | "redacted"
  | "system_message"
  | "archived"
  /** Died, and was archived long after. */
  | "archived_dead"
  | "deleted"
  /** Waits for a person, or for the customer's application, and nobody answers. */
  | "stuck_ask"
  | "stuck_custom"
  | "asks"
  /** Never asks a person. */
  | "unattended"
  | "denied"
  | "auto_denied"
  | "rescheduled"
  /** Still rescheduling when the simulated time ends. */
  | "reschedule_stuck"
  | "queued"
  /** Lists inputs without their time, as some API versions do. */
  | "timeless_inputs"
  | "compacts"
  | "long"
  | "workflow_error"
  | "workflow_stopped"
  | "workflow_pauses"
  | "late_follow_up"
  /** An evaluation is interrupted before it has begun. */
  | "interrupted_early";

export interface Plan {
  shape: "chat" | "outcome" | "coordinator" | "workflow" | "empty";
  ending: Ending;
  turns: number;
  /** Multiplies the version's usual number of model requests a turn. */
  effort: number;
  /** Verdicts of the grader, one per iteration. */
  evaluations: readonly EvaluationResult[];
  /** Errors the session gets over by itself. */
  retried: readonly ErrorType[];
  flags: ReadonlySet<Flag>;
}

export const PLAIN: Plan = {
  shape: "chat",
  ending: { kind: "end_turn" },
  turns: 1,
  effort: 1,
  evaluations: [],
  retried: [],
  flags: new Set(),
};

/** A plan that must occur now and then, whatever chance says, with the agent it needs. */
export type Rare = Partial<Omit<Plan, "flags">> & { agent?: string; flags?: readonly Flag[] };

const exhausted = (error: ErrorType): Rare => ({ ending: { kind: "retries_exhausted", error } });
const fatal = (error: ErrorType): Rare => ({ ending: { kind: "terminated", error } });

/** Taken in turn by every twentieth session. */
export const RARE: readonly Rare[] = [
  { agent: "review", flags: ["advisor"] },
  { agent: "analyst", evaluations: ["needs_revision", "needs_revision", "satisfied"] },
  { agent: "scanner", flags: ["workflow_error"] },
  { agent: "deploy", flags: ["denied"], turns: 2 },
  { ...exhausted("model_rate_limited_error"), agent: "triage" },
  { retried: ["repository_not_found_error"], agent: "scanner" },
  { agent: "research", ending: { kind: "budget_reached", raised: true } },
  { flags: ["image", "title"] },
  { agent: "scanner", shape: "chat", flags: ["long"], effort: 26, turns: 2 },
  { flags: ["archived"], turns: 2 },
  { ...fatal("billing_error"), flags: ["archived_dead"] },
  { agent: "release", flags: ["redacted"] },
  { agent: "analyst", evaluations: ["needs_revision", "max_iterations_reached"] },
  { retried: ["mcp_connection_failed_error", "mcp_connection_failed_error"], agent: "triage" },
  { flags: ["rescheduled"], retried: ["unknown_error"] },
  { ending: { kind: "refused", category: "cyber" }, agent: "scanner", shape: "chat" },
  { agent: "deploy", flags: ["auto_denied", "asks"] },
  { flags: ["deleted"] },
  { agent: "review", flags: ["document", "system_message"], turns: 2 },
  { retried: ["repository_authentication_error"], agent: "review" },
  { ...exhausted("tool_use_limit_reached_error"), agent: "research", effort: 4 },
  { agent: "scanner", flags: ["workflow_stopped"] },
  { flags: ["future_event"] },
  { agent: "invoice", ending: { kind: "budget_reached", raised: false } },
  { retried: ["repository_forbidden_error"], agent: "release" },
  { agent: "triage", flags: ["late_follow_up", "asks"], turns: 3 },
  { ...fatal("compaction_limit_reached_error"), agent: "review", flags: ["compacts"], effort: 4 },
  { agent: "analyst", evaluations: ["interrupted"], ending: { kind: "interrupted" } },
  {
    agent: "analyst",
    evaluations: ["needs_revision", "interrupted"],
    ending: { kind: "interrupted" },
    flags: ["interrupted_early"],
  },
  { agent: "release", flags: ["advisor", "archived"] },
  { retried: ["repository_checkout_error", "repository_clone_error"], agent: "scanner" },
  { ...exhausted("mcp_authentication_failed_error"), agent: "triage" },
  { flags: ["timeless_inputs"], turns: 2 },
  { agent: "scanner", flags: ["workflow_pauses"] },
  { ending: { kind: "interrupted" }, flags: ["late_follow_up"] },
  { agent: "analyst", evaluations: ["failed"] },
  { flags: ["tools_update"], turns: 2 },
  { ...fatal("credential_host_unreachable_error"), agent: "deploy" },
  { shape: "empty" },
  { ...exhausted("model_request_failed_error"), retried: ["model_request_failed_error"] },
  { agent: "triage", flags: ["redacted", "rescheduled"], retried: ["model_overloaded_error"] },
];
