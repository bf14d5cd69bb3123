import type { TokenCounts } from "@/lib/costs/schema";
import { cleanText } from "./canonical";
import { isObject } from "./normalize";
import type { EventRecord, JsonObject, Span } from "./schema";

/** The spans one session's fold is working on: those loaded for it and those it has changed. */
export type SpanSet = Map<string, Span>;

export const approvalId = (toolUseId: string) => `${toolUseId}:approval`;

/** A tool's span has its call's id; other kinds say theirs, so that no two kinds can meet on one id. */
const SUFFIXES = {
  model_request: ":request",
  outcome_evaluation: ":evaluation",
  workflow_phase: ":phase",
  workflow_run: ":run",
} as const;
export type WorkKind = keyof typeof SUFFIXES;

/** The work span an event starts or ends; null for every other event. */
export function workSpan(
  event: EventRecord,
): { kind: WorkKind; id: string; isStart: boolean } | null {
  const { payload } = event;
  const starts = (kind: WorkKind, id = event.id) => ({
    kind,
    id: `${id}${SUFFIXES[kind]}`,
    isStart: true,
  });
  const ends = (kind: WorkKind, partner: unknown) => ({
    kind,
    id: `${textOf(partner) ?? event.id}${SUFFIXES[kind]}`,
    isStart: false,
  });
  switch (event.type) {
    case "span.model_request_start":
      return starts("model_request");
    case "span.model_request_end":
      return ends("model_request", payload.model_request_start_id);
    case "span.outcome_evaluation_start":
      return starts("outcome_evaluation");
    case "span.outcome_evaluation_end":
      return ends("outcome_evaluation", payload.outcome_evaluation_start_id);
    case "workflow_run.phase_started":
      return starts("workflow_phase");
    case "workflow_run.phase_ended":
      return ends("workflow_phase", payload.phase_started_id);
    case "workflow_run.created":
      return starts("workflow_run", textOf(payload.workflow_run_id) ?? event.id);
    case "workflow_run.status_ended":
      return ends("workflow_run", payload.workflow_run_id);
    default:
      return null;
  }
}

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
  const work = workSpan(event);
  if (work !== null) return [work.id];
  return event.type === "session.status_idle" ? waitedCalls(event.payload) : [];
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
  return stop.event_ids.map(textOf).filter((id) => id !== null);
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

/** The speed that a request reports of itself; null where it runs at its thread's. */
export const speedOf = (usage: unknown): string | null =>
  isObject(usage) ? textOf(usage.speed) || null : null;

/** An event's claim to start or to end a span. `list` is the event list it stands in. */
type Claim = { id: string; us: number | null; copied: boolean; list: string };

/**
 * Which of two events stands when both claim a span's start or end: one with a time, then a thread's
 * own before the session's copy, then a child's list before the session's, then the earlier, then
 * the smaller id. A total order, so that the order of arrival has no say.
 */
function isPreferred(candidate: Claim, standing: Claim): boolean {
  const timed = Number(candidate.us === null) - Number(standing.us === null);
  if (timed !== 0) return timed < 0;
  if (candidate.copied !== standing.copied) return !candidate.copied;
  const inChild = Number(candidate.list === "") - Number(standing.list === "");
  if (inChild !== 0) return inChild < 0;
  if (candidate.us !== standing.us) return (candidate.us ?? 0) < (standing.us ?? 0);
  if (candidate.id !== standing.id) return candidate.id < standing.id;
  return candidate.list <= standing.list;
}

function claimOf(event: EventRecord): Claim {
  return {
    id: event.id,
    us: event.atUs,
    copied: copiedFrom(event) !== null,
    list: event.threadId,
  };
}

/** Lets an event start a span unless a better claim stands; says whether it did. */
export function claimStart(span: Span, event: EventRecord): boolean {
  const claim = claimOf(event);
  const copied = span.attributes.cross_posted === true;
  const standing = {
    id: span.startEventId ?? "",
    us: span.startedUs,
    copied,
    list: copied ? "" : span.threadId,
  };
  if (span.startEventId !== null && !isPreferred(claim, standing)) return false;
  const { cross_posted, ...attributes } = span.attributes;
  span.threadId = copiedFrom(event) ?? event.threadId;
  span.startedUs = event.atUs;
  span.startEventId = event.id;
  span.attributes = claim.copied ? { ...attributes, cross_posted: true } : attributes;
  return true;
}

/** Lets an event end a span unless a better claim stands; says whether it did. */
export function claimEnd(span: Span, event: EventRecord): boolean {
  const claim = claimOf(event);
  const { _end_in, _end_copied, ...attributes } = span.attributes;
  const standing = {
    id: span.endEventId ?? "",
    us: span.endedUs,
    copied: _end_copied === true,
    list: typeof _end_in === "string" ? _end_in : "",
  };
  if (span.endEventId !== null && !isPreferred(claim, standing)) return false;
  if (span.startEventId === null) span.threadId = copiedFrom(event) ?? event.threadId;
  span.endedUs = event.atUs;
  span.endEventId = event.id;
  if (claim.list !== "") attributes._end_in = claim.list;
  if (claim.copied) attributes._end_copied = true;
  span.attributes = attributes;
  return true;
}

/** A text out of an event, fit for any column; null for an empty one and for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? cleanText(value) : null;
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
