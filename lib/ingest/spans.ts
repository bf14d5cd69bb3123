import type { TokenCounts } from "@/lib/costs/schema";
import { isObject } from "./normalize";
import type { EventRecord, JsonObject, Span } from "./schema";

/** The spans one session's fold is working on: those loaded for it and those it has changed. */
export type SpanSet = Map<string, Span>;

export const approvalId = (toolUseId: string) => `${toolUseId}:approval`;

export function blankSpan(id: string, kind: string, threadId: string): Span {
  return {
    id,
    kind,
    threadId,
    name: "",
    startedUs: null,
    endedUs: null,
    state: "open",
    tokens: null,
    startEventId: null,
    endEventId: null,
    attributes: {},
  };
}

/** Ids of the spans an event can touch: what has to be loaded before it is folded. */
export function referencedSpans(event: EventRecord): string[] {
  const call = calledTool(event);
  if (call !== null) return [call, approvalId(call)];
  const { payload } = event;
  switch (event.type) {
    case "span.model_request_start":
    case "span.outcome_evaluation_start":
    case "workflow_run.phase_started":
      return [event.id];
    case "span.model_request_end":
      return [textOf(payload.model_request_start_id) ?? event.id];
    case "span.outcome_evaluation_end":
      return [textOf(payload.outcome_evaluation_start_id) ?? event.id];
    case "workflow_run.phase_ended":
      return [textOf(payload.phase_started_id) ?? event.id];
    case "workflow_run.created":
    case "workflow_run.status_ended":
      return [textOf(payload.workflow_run_id) ?? event.id];
    case "session.status_idle":
      return waitedCalls(payload).flatMap((id) => [id]);
    default:
      return [];
  }
}

/** The call a tool use, result or confirmation is about; null for every other event. */
export function calledTool(event: EventRecord): string | null {
  const { payload } = event;
  switch (event.type) {
    case "agent.tool_use":
    case "agent.mcp_tool_use":
    case "agent.custom_tool_use":
      return event.id;
    case "agent.tool_result":
    case "user.tool_result":
    case "user.tool_confirmation":
      return textOf(payload.tool_use_id);
    case "agent.mcp_tool_result":
      return textOf(payload.mcp_tool_use_id);
    case "user.custom_tool_result":
      return textOf(payload.custom_tool_use_id);
    default:
      return null;
  }
}

/** The calls an idle with `requires_action` waits for. */
export function waitedCalls(payload: JsonObject): string[] {
  const stop = payload.stop_reason;
  if (!isObject(stop) || stop.type !== "requires_action" || !Array.isArray(stop.event_ids))
    return [];
  return stop.event_ids.filter((id): id is string => typeof id === "string" && id !== "");
}

/**
 * The child thread an event in the session's own list was copied from, or null for an original.
 * The platform marks such copies with `session_thread_id`; ids and times may differ from the child's.
 */
export function copiedFrom(event: EventRecord): string | null {
  return event.threadId === "" ? textOf(event.payload.session_thread_id) : null;
}

export function tokensOf(usage: unknown): TokenCounts | null {
  if (!isObject(usage)) return null;
  const split = isObject(usage.cache_creation) ? usage.cache_creation : null;
  const fromSplit = split
    ? number(split.ephemeral_5m_input_tokens) + number(split.ephemeral_1h_input_tokens)
    : 0;
  return {
    input: number(usage.input_tokens),
    cacheWrite: number(usage.cache_creation_input_tokens) || fromSplit,
    cacheRead: number(usage.cache_read_input_tokens),
    output: number(usage.output_tokens),
  };
}

/**
 * Which of two events closes a span when several claim to: one with a time, then the thread's own
 * before the session's copy, then the earlier, then the smaller id. A total order, so that the
 * order of arrival has no say.
 */
export function isPreferred(candidate: Claim, standing: Claim | null): boolean {
  if (standing === null || candidate.id === standing.id) return true;
  const timed = Number(candidate.us === null) - Number(standing.us === null);
  if (timed !== 0) return timed < 0;
  if (candidate.copied !== standing.copied) return !candidate.copied;
  if (candidate.us !== standing.us) return (candidate.us ?? 0) < (standing.us ?? 0);
  return candidate.id < standing.id;
}
export type Claim = { id: string; us: number | null; copied: boolean };

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
