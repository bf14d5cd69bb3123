import type { DemoEvent, DemoSession } from "@/lib/demo/schema";
import { listsOf } from "@/tests/unit/demo/list-checks";

/** What was seen in simulated sessions, by kind, and how often. */
export class Sightings {
  private readonly seen = new Map<string, Map<string, number>>();

  note(kind: string, value: string): void {
    const values = this.seen.get(kind) ?? new Map<string, number>();
    values.set(value, (values.get(value) ?? 0) + 1);
    this.seen.set(kind, values);
  }

  all(kind: string): string[] {
    return [...(this.seen.get(kind)?.keys() ?? [])].sort();
  }

  times(kind: string, value: string): number {
    return this.seen.get(kind)?.get(value) ?? 0;
  }

  watch(demo: DemoSession): void {
    noteSession(demo, (kind, value) => this.note(kind, value));
    for (const [thread, list] of listsOf(demo)) {
      for (const { event } of list)
        noteEvent(event, thread, (kind, value) => this.note(kind, value));
    }
  }
}

type Note = (kind: string, value: string) => void;

function noteSession(demo: DemoSession, note: Note): void {
  const { session, threads, events } = demo;
  note("outcome", outcomeOf(demo));
  note("status", session.status);
  const write5m = session.usage.cache_creation?.ephemeral_5m_input_tokens ?? 0;
  const write1h = session.usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  if (write5m > 0) note("cache", write1h > 0 ? "both" : "5m");
  else if (write1h > 0) note("cache", "1h");
  if (session.archived_at !== null) note("session", "archived");
  if (session.deployment_id) note("session", "deployed");
  if (events.length >= 2_000) note("session", "2,000 events");
  if ((session.usage.server_tool_use?.web_search_requests ?? 0) > 0) note("session", "searches");
  let children = 0;
  for (const thread of threads) {
    note("thread status", thread.status);
    const child = thread.parent_thread_id !== null;
    if (child && thread.agent.type === "agent") children += 1;
    note(
      "thread",
      thread.agent.type === "agent" ? (child ? "child" : "primary") : thread.agent.type,
    );
  }
  if (children > 0) note("children", String(children));
  noteRequests(demo, note);
}

/** Reads and writes of the primary list's requests, by how long ago the one before began. */
function noteRequests(demo: DemoSession, note: Note): void {
  let startUs = 0;
  let beforeUs = 0;
  let calls = 0;
  let parallel = false;
  for (const { event, atUs } of listsOf(demo).get(null) ?? []) {
    if (atUs === null) continue;
    if (event.type === "span.model_request_start") {
      beforeUs = startUs;
      startUs = atUs;
      calls = 0;
    }
    if (event.type.endsWith("tool_use")) {
      calls += 1;
      if (calls > 1) parallel = true;
    }
    if (event.type !== "span.model_request_end" || beforeUs === 0) continue;
    const usage = event.model_usage;
    const pauseUs = startUs - beforeUs;
    if (pauseUs < 240_000_000 && usage.cache_read_input_tokens > 0) note("cache", "kept");
    if (pauseUs > 310_000_000 && usage.cache_creation_input_tokens > 3_000)
      note("cache", "expired");
  }
  if (parallel) note("session", "parallel calls");
}

/** The outcome by the design's table, from the lists alone. */
export function outcomeOf(demo: DemoSession): string {
  const { session } = demo;
  const primary = (listsOf(demo).get(null) ?? []).map(({ event }) => event);
  if (!primary.some((event) => event.type === "session.status_running")) return "new";
  if (session.status === "running" || session.status === "rescheduling") return "running";
  const verdict = session.outcome_evaluations[0]?.result;
  const idle = primary.findLast((event) => event.type === "session.status_idle");
  const diedAtEnd =
    session.status === "terminated" &&
    primary.some(
      (event) => event.type === "session.error" && event.error.retry_status.type === "terminal",
    );
  if (diedAtEnd) return "terminated";
  if (idle?.type !== "session.status_idle") return "unknown";
  switch (idle.stop_reason.type) {
    case "requires_action":
      return "waiting";
    case "budget_reached":
      return "budget_paused";
    case "refusal":
      return "refused";
    case "retries_exhausted":
      return "retries_exhausted";
    case "end_turn": {
      const turn = primary.slice(primary.findLastIndex((e) => e.type === "session.status_running"));
      if (turn.some((event) => event.type === "user.interrupt")) return "interrupted";
      const failed = verdict === "failed" || verdict === "max_iterations_reached";
      return failed ? "outcome_failed" : "completed";
    }
  }
}

function noteEvent(event: DemoEvent, thread: string | null, note: Note): void {
  note("type", event.type);
  if (event.processed_at === undefined) note("time", "absent");
  if (event.processed_at === null) note("time", "null");
  const copied = "session_thread_id" in event && typeof event.session_thread_id === "string";
  if (copied && thread === null) note("cross-posted", event.type);
  switch (event.type) {
    case "session.error":
      note("error", event.error.type);
      note("retry", event.error.retry_status.type);
      break;
    case "session.status_idle":
      note("stop", event.stop_reason.type);
      if (event.stop_details !== null) note("refusal", String(event.stop_details.category));
      break;
    case "agent.tool_use":
    case "agent.mcp_tool_use":
      note("permission", `${event.evaluation?.type} ${event.evaluated_permission}`);
      break;
    case "agent.tool_result":
    case "agent.mcp_tool_result":
      if (event.is_error) note("result", "failed");
      break;
    case "user.tool_confirmation":
      note("confirmation", event.deny_message ? `${event.result} with message` : event.result);
      break;
    case "span.model_request_end":
      note("request error", String(event.is_error));
      break;
    case "span.outcome_evaluation_end":
      note("verdict", event.result);
      note("evaluation start", event.outcome_evaluation_start_id === "" ? "none" : "known");
      break;
    case "workflow_run.status_ended":
      note("workflow end", event.result.type);
      break;
    case "user.message":
      for (const block of event.content) note("block", block.type);
      break;
    default:
      break;
  }
}
