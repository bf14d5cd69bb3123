import { plain } from "@/lib/format";
import { oneLine, plainText } from "@/lib/sessions/content";
import { numberAt, recordOf, stringsAt, textAt } from "@/lib/sessions/payload";

/** What a person filters a session by. A type belongs to one category; unknown types to `other`. */
export const CATEGORIES = [
  "messages",
  "requests",
  "tools",
  "approvals",
  "errors",
  "threads",
  "outcomes",
  "workflows",
  "lifecycle",
] as const;
export type Category = (typeof CATEGORIES)[number] | "other";

const TYPES: Record<(typeof CATEGORIES)[number], readonly string[]> = {
  messages: [
    "user.message",
    "agent.message",
    "agent.thinking",
    "system.message",
    "agent.thread_context_compacted",
    "user.interrupt",
  ],
  requests: ["span.model_request_start", "span.model_request_end"],
  tools: [
    "agent.tool_use",
    "agent.tool_result",
    "agent.mcp_tool_use",
    "agent.mcp_tool_result",
    "agent.custom_tool_use",
    "user.custom_tool_result",
    "user.tool_result",
  ],
  approvals: ["user.tool_confirmation"],
  errors: ["session.error", "workflow_run.error"],
  threads: [
    "session.thread_created",
    "session.thread_status_running",
    "session.thread_status_idle",
    "session.thread_status_rescheduled",
    "session.thread_status_terminated",
    "agent.thread_message_sent",
    "agent.thread_message_received",
  ],
  outcomes: [
    "user.define_outcome",
    "span.outcome_evaluation_start",
    "span.outcome_evaluation_ongoing",
    "span.outcome_evaluation_end",
  ],
  workflows: [
    "workflow_run.created",
    "workflow_run.status_running",
    "workflow_run.status_idle",
    "workflow_run.status_ended",
    "workflow_run.phase_started",
    "workflow_run.phase_ended",
  ],
  lifecycle: [
    "session.status_running",
    "session.status_idle",
    "session.status_rescheduled",
    "session.status_terminated",
    "session.usage",
    "session.updated",
    "session.deleted",
  ],
};

const CATEGORY_OF = new Map<string, Category>(
  CATEGORIES.flatMap((category) => TYPES[category].map((type) => [type, category] as const)),
);

export function categoryOf(type: string): Category {
  return CATEGORY_OF.get(type) ?? "other";
}

/** The event types of some categories: what the API's `types` takes. An empty choice means all. */
export function typesOf(categories: readonly string[]): string[] {
  return CATEGORIES.filter((category) => categories.includes(category)).flatMap((category) => [
    ...TYPES[category],
    // An approval is asked by a tool use: alone, a confirmation would answer a question nobody sees.
    ...(category === "approvals" && !categories.includes("tools")
      ? ["agent.tool_use", "agent.mcp_tool_use"]
      : []),
  ]);
}

/** `model_overloaded_error` → `model overloaded`. */
export function errorWords(type: string): string {
  return type.replace(/_error$/, "").replaceAll("_", " ");
}

const RETRY_WORDS: Record<string, string> = {
  retrying: "the platform tries again",
  exhausted: "retries exhausted: the turn is over",
  terminal: "terminal: the session is over",
};

export function retryWords(status: string | null): string {
  return status === null ? "" : (RETRY_WORDS[status] ?? status.replaceAll("_", " "));
}

const STOP_WORDS: Record<string, string> = {
  end_turn: "end of turn",
  requires_action: "waiting for an answer",
  retries_exhausted: "retries exhausted",
  budget_reached: "budget reached",
  refusal: "refused",
};

/** Why a thread or session went idle, in words; `names` are the calls it waits for. */
export function stopWords(reason: unknown, names: readonly string[] = []): string {
  const type = textAt(reason, "type");
  if (type === null) return "idle";
  if (type === "requires_action" && names.length > 0) return `waiting for ${listWords(names)}`;
  return STOP_WORDS[type] ?? type.replaceAll("_", " ");
}

/** `a`, `a and b`, `a, b and 3 more`; repeats are counted: `a ×4`. */
export function listWords(names: readonly string[], limit = 3): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const words = [...counts].map(([name, times]) => (times > 1 ? `${name} ×${times}` : name));
  if (words.length <= limit) {
    return words.length < 2
      ? words.join("")
      : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
  }
  return `${words.slice(0, limit - 1).join(", ")} and ${words.length - limit + 1} more`;
}

/** One line that says what an event says, for tables; empty where its type says it all. */
export function eventSummary(type: string, event: Record<string, unknown>): string {
  switch (type) {
    case "user.message":
    case "agent.message":
    case "system.message":
      return oneLine(plainText(event.content), 200);
    case "agent.thread_message_sent":
      return `to ${plain(textAt(event, "to_agent_name") ?? "another thread")}: ${oneLine(plainText(event.content), 160)}`;
    case "agent.thread_message_received":
      return `from ${plain(textAt(event, "from_agent_name") ?? "another thread")}: ${oneLine(plainText(event.content), 160)}`;
    case "agent.tool_use":
    case "agent.mcp_tool_use":
    case "agent.custom_tool_use":
      return `${plain(textAt(event, "name") ?? "tool")} ${inputLine(event.input, 160)}`;
    case "agent.tool_result":
    case "agent.mcp_tool_result":
    case "user.custom_tool_result":
    case "user.tool_result":
      return `${event.is_error === true ? "error: " : ""}${oneLine(plainText(event.content), 180)}`;
    case "user.tool_confirmation":
      return `${textAt(event, "result") ?? "answered"}${withColon(textAt(event, "deny_message"))}`;
    case "session.error":
    case "workflow_run.error":
      return errorSummary(event);
    case "span.model_request_end":
      return usageSummary(event.model_usage);
    case "session.usage":
      return snapshotSummary(event);
    case "session.status_idle":
    case "session.thread_status_idle": {
      const waits = stringsAt(event.stop_reason, "event_ids").length;
      const words = stopWords(event.stop_reason);
      return waits > 0 ? `${words} (${waits} ${waits === 1 ? "call" : "calls"})` : words;
    }
    case "span.outcome_evaluation_end":
      return `${textAt(event, "result") ?? ""}${withColon(textAt(event, "explanation"))}`;
    case "user.define_outcome":
      return oneLine(textAt(event, "description") ?? "", 180);
    case "session.thread_created":
      return textAt(event, "agent_name") ?? "";
    default:
      return "";
  }
}

function withColon(text: string | null): string {
  return text ? `: ${oneLine(text, 160)}` : "";
}

function errorSummary(event: Record<string, unknown>): string {
  const error = recordOf(event.error);
  const retry = retryWords(textAt(error?.retry_status, "type"));
  const message = oneLine(textAt(error, "message") ?? "", 140);
  const head = plain(errorWords(textAt(error, "type") ?? "error"));
  return [head, message, retry].filter((part) => part !== "").join(" · ");
}

function usageSummary(usage: unknown): string {
  const parts = [
    ["in", numberAt(usage, "input_tokens")],
    ["cache read", numberAt(usage, "cache_read_input_tokens")],
    ["cache write", numberAt(usage, "cache_creation_input_tokens")],
    ["out", numberAt(usage, "output_tokens")],
  ] as const;
  return parts
    .filter(([, tokens]) => tokens !== null && tokens > 0)
    .map(([word, tokens]) => `${tokens?.toLocaleString("en-US")} ${word}`)
    .join(" · ");
}

function snapshotSummary(event: Record<string, unknown>): string {
  const cents = textAt(recordOf(event.usage)?.list_cost, "amount");
  const cost =
    cents !== null && /^\d+$/.test(cents) ? `list $${(Number(cents) / 100).toFixed(2)}` : "";
  return ["so far", cost, usageSummary(event.usage)].filter((part) => part !== "").join(" · ");
}

/** A tool's input in one line: the one telling member where there is one, else the JSON. */
export function inputLine(input: unknown, limit: number): string {
  const record = recordOf(input);
  if (!record) return input == null ? "" : oneLine(JSON.stringify(input) ?? "", limit);
  for (const key of ["command", "query", "path", "file_path", "url", "pattern", "code"]) {
    const value = record[key];
    if (typeof value === "string") return oneLine(value, limit);
  }
  return Object.keys(record).length === 0 ? "" : oneLine(JSON.stringify(record), limit);
}
