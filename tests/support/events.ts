import type { JsonObject } from "@/lib/ingest/schema";
import { isoFromMicros } from "@/lib/time/micros";
import type { SoupItem } from "./event-soup";

/** The session that everything built here belongs to, its child thread, and the start of its time. */
export const SESSION = "sesn_A";
export const CHILD = "sthr_child";
export const PRIMARY = "sthr_primary";
const START_US = Date.UTC(2026, 10, 20, 10) * 1000;

/** Seconds after 2026-11-20T10:00:00Z as an instant, in µs and as the API writes it. */
export const usAt = (seconds: number) => START_US + Math.round(seconds * 1e6);
export const at = (seconds: number) => isoFromMicros(usAt(seconds));

type Seconds = number | null;

/** An event of the session's own list. Its id is told by type and time unless `fields` give one. */
export function event(type: string, seconds: Seconds, fields: JsonObject = {}): SoupItem {
  const processed_at = seconds === null ? null : at(seconds);
  return {
    kind: "event",
    threadId: null,
    data: { id: `${type}@${seconds}`, type, processed_at, ...fields },
  };
}

export const inThread = (threadId: string, ...items: SoupItem[]): SoupItem[] =>
  items.map((item) => ({ ...item, threadId }));

export const running = (seconds: Seconds) => event("session.status_running", seconds);
export const idle = (seconds: Seconds, type = "end_turn", fields: JsonObject = {}) =>
  event("session.status_idle", seconds, { stop_reason: { type }, stop_details: null, ...fields });
export const asks = (seconds: number, ...event_ids: string[]) =>
  idle(seconds, "requires_action", { stop_reason: { type: "requires_action", event_ids } });
export const terminated = (seconds: number) => event("session.status_terminated", seconds);
export const rescheduled = (seconds: number) => event("session.status_rescheduled", seconds);

/** A thread's own status; the primary's list holds those of children as well. */
export const threadStatus = (seconds: number, word: string, thread = CHILD, fields = {}) =>
  event(`session.thread_status_${word}`, seconds, {
    id: `${thread}.${word}@${seconds}`,
    session_thread_id: thread,
    agent_name: "helper",
    ...fields,
  });
export const threadCreated = (seconds: number, thread = CHILD) =>
  event("session.thread_created", seconds, {
    session_thread_id: thread,
    agent_name: "helper",
    workflow_run_id: null,
  });

export const error = (
  seconds: number,
  retry: "retrying" | "exhausted" | "terminal",
  type = "model_overloaded_error",
  message = "Overloaded",
) => event("session.error", seconds, { error: { type, message, retry_status: { type: retry } } });

export const interrupt = (seconds: Seconds, session_thread_id: string | null = null) =>
  event("user.interrupt", seconds, { session_thread_id });
export const message = (seconds: Seconds, text = "Go on.") =>
  event("user.message", seconds, { content: [{ type: "text", text }] });

/** `tokens`: uncached input, output, cache read, cache write. */
export const modelUsage = (...tokens: number[]) => ({
  input_tokens: tokens[0] ?? 0,
  output_tokens: tokens[1] ?? 0,
  cache_read_input_tokens: tokens[2] ?? 0,
  cache_creation_input_tokens: tokens[3] ?? 0,
});
export const requestStart = (id: string, seconds: number) =>
  event("span.model_request_start", seconds, { id });
export const requestEnd = (
  start: string,
  seconds: number,
  tokens: number[] = [],
  fields: JsonObject = {},
) =>
  event("span.model_request_end", seconds, {
    id: `${start}.end`,
    model_request_start_id: start,
    is_error: false,
    model_usage: modelUsage(...tokens),
    ...fields,
  });
/** A whole model request, one second long. */
export const request = (id: string, seconds: number, tokens: number[], fields: JsonObject = {}) => [
  requestStart(id, seconds),
  requestEnd(id, seconds + 1, tokens, fields),
];

export const use = (id: string, seconds: Seconds, fields: JsonObject = {}) =>
  event("agent.tool_use", seconds, { id, name: "bash", input: { command: "ls" }, ...fields });
export const mcpUse = (id: string, seconds: number, fields: JsonObject = {}) =>
  event("agent.mcp_tool_use", seconds, {
    id,
    mcp_server_name: "github",
    name: "list_issues",
    input: {},
    ...fields,
  });
export const customUse = (id: string, seconds: number, fields: JsonObject = {}) =>
  event("agent.custom_tool_use", seconds, { id, name: "lookup", input: {}, ...fields });

const textBlocks = (text: string) => [{ type: "text", text }];
const answer =
  (type: string, key: string) =>
  (call: string, seconds: Seconds, fields = {}) =>
    event(type, seconds, {
      id: `${call}.${type}`,
      [key]: call,
      content: textBlocks("ok"),
      ...fields,
    });
export const result = answer("agent.tool_result", "tool_use_id");
export const hostedResult = answer("user.tool_result", "tool_use_id");
export const mcpResult = answer("agent.mcp_tool_result", "mcp_tool_use_id");
export const customResult = answer("user.custom_tool_result", "custom_tool_use_id");
export const confirm = (
  call: string,
  seconds: Seconds,
  word: "allow" | "deny" = "allow",
  fields: JsonObject = {},
) =>
  event("user.tool_confirmation", seconds, {
    id: `${call}.confirmation`,
    tool_use_id: call,
    result: word,
    ...fields,
  });

export const evaluationStart = (id: string, seconds: number, iteration = 0) =>
  event("span.outcome_evaluation_start", seconds, { id, outcome_id: "outc_1", iteration });
export const evaluationEnd = (
  start: string,
  seconds: number,
  verdict: string,
  fields: JsonObject = {},
) =>
  event("span.outcome_evaluation_end", seconds, {
    outcome_evaluation_start_id: start,
    outcome_id: "outc_1",
    iteration: 0,
    result: verdict,
    explanation: `it is ${verdict}`,
    usage: modelUsage(),
    ...fields,
  });

export const cents = (amount: string) => ({ amount, currency: "USD" });
export const budgetOf = (amount: string) => ({ type: "limit", max_list_cost: cents(amount) });
/** A cumulative `session.usage`. */
export const usage = (seconds: number, members: JsonObject, fields: JsonObject = {}) =>
  event("session.usage", seconds, { usage: members, ...fields });

export const agentOf = (model: string | JsonObject, fields: JsonObject = {}) => ({
  id: "agent_A",
  type: "agent",
  name: "triage",
  version: 3,
  model: typeof model === "string" ? { id: model } : model,
  ...fields,
});

/** The session's object as the API returns it, last updated before anything ran. */
export const session = (fields: JsonObject = {}): SoupItem => ({
  kind: "session",
  threadId: null,
  data: {
    id: SESSION,
    type: "session",
    status: "idle",
    title: null,
    environment_id: "env_A",
    deployment_id: null,
    agent: agentOf("claude-sonnet-5"),
    metadata: {},
    budget: null,
    outcome_evaluations: [],
    stats: {},
    usage: {},
    created_at: at(-10),
    updated_at: at(-10),
    archived_at: null,
    ...fields,
  },
});

export const thread = (id: string, agent: JsonObject, fields: JsonObject = {}): SoupItem => ({
  kind: "thread",
  threadId: null,
  data: {
    id,
    type: "session_thread",
    session_id: SESSION,
    parent_thread_id: id === PRIMARY ? null : PRIMARY,
    agent,
    status: "idle",
    stats: null,
    usage: null,
    workflow_run_id: null,
    created_at: at(0),
    updated_at: at(0),
    archived_at: null,
    ...fields,
  },
});
