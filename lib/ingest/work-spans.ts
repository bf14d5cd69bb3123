import { cleanText } from "./canonical";
import { errorGroup, textIn } from "./error-text";
import { isObject } from "./normalize";
import type { EventRecord, JsonObject, Span } from "./schema";
import {
  blankSpan,
  claimEnd,
  claimStart,
  type SpanSet,
  speedOf,
  textOf,
  tokensOf,
  workSpan,
} from "./spans";

/**
 * Merges model requests, outcome evaluations and workflow phases, and sets marks. Free of order:
 * start and end each fill their half. Events that make no such span are passed over.
 */
export function mergeWorkEvent(spans: SpanSet, event: EventRecord): void {
  const work = workSpan(event);
  if (work === null) {
    mergeMark(spans, event);
    return;
  }
  const span = spans.get(work.id) ?? blankSpan(work.id, work.kind, event.threadId);
  spans.set(work.id, span);
  const claimed = work.isStart ? claimStart(span, event) : claimEnd(span, event);
  if (!claimed) return;
  if (work.kind === "model_request") mergeRequest(span, event, work.isStart);
  else if (work.kind === "outcome_evaluation") mergeEvaluation(span, event, work.isStart);
  else if (work.kind === "workflow_phase") mergePhase(span, event, work.isStart);
  else mergeRun(span, event, work.isStart);
}

function mergeRequest(span: Span, event: EventRecord, isStart: boolean): void {
  span.name = "model request";
  if (isStart) return;
  const { payload } = event;
  const isError = typeof payload.is_error === "boolean" ? payload.is_error : null;
  const reported = speedOf(payload.model_usage);
  span.state = isError === null ? "unknown" : isError ? "error" : "ok";
  span.tokens = tokensOf(payload.model_usage);
  const { speed, ...attributes } = span.attributes;
  span.attributes = { ...attributes, is_error: isError, ...(reported ? { speed: reported } : {}) };
}

function mergeEvaluation(span: Span, event: EventRecord, isStart: boolean): void {
  const { payload } = event;
  const keys: JsonObject = {};
  const outcome = textOf(payload.outcome_id);
  if (outcome) keys.outcome_id = outcome;
  if (typeof payload.iteration === "number") keys.iteration = payload.iteration;
  if (!isStart) {
    const result = textOf(payload.result) ?? "unknown";
    const explanation = textOf(payload.explanation);
    keys.result = result;
    if (explanation) keys.explanation = explanation;
    span.state = evaluationState(result);
    span.tokens = tokensOf(payload.usage);
  }
  setHalf(span, isStart, keys);
  const { iteration } = span.attributes;
  span.name = typeof iteration === "number" ? `evaluation ${iteration + 1}` : "evaluation";
}

function evaluationState(result: string): Span["state"] {
  if (result === "failed" || result === "max_iterations_reached") return "error";
  return result === "satisfied" || result === "needs_revision" ? "ok" : "unknown";
}

function mergePhase(span: Span, event: EventRecord, isStart: boolean): void {
  const keys: JsonObject = {};
  const phase = textOf(event.payload.workflow_run_phase_id);
  const run = textOf(event.payload.workflow_run_id);
  if (phase) keys.phase_id = phase;
  if (run) keys.workflow_run_id = run;
  setHalf(span, isStart, keys);
  span.name = textOf(span.attributes.phase_id) ?? "phase";
  if (!isStart) span.state = "ok";
}

/** Start and end both name the same things; should they differ, the end's word stands, whichever came first. */
function setHalf(span: Span, isStart: boolean, keys: JsonObject): void {
  const { _start, _end, _end_in, _end_copied, cross_posted } = span.attributes;
  const start = isStart ? keys : ((_start ?? {}) as JsonObject);
  const end = isStart ? ((_end ?? {}) as JsonObject) : keys;
  const kept = { _start: start, _end: end, _end_in, _end_copied, cross_posted, ...start, ...end };
  span.attributes = Object.fromEntries(
    Object.entries(kept).filter(([, value]) => value !== undefined),
  );
}

/** A run keeps the names of its phases, which their own events do not tell. */
function mergeRun(span: Span, event: EventRecord, isStart: boolean): void {
  if (isStart) {
    span.name = textOf(event.payload.name) ?? "workflow run";
    span.attributes.phases = phaseNames(event.payload.phases);
    return;
  }
  const result = isObject(event.payload.result) ? event.payload.result.type : event.payload.result;
  const word = textOf(result) ?? "unknown";
  span.attributes.result = word;
  span.state = word === "completed" ? "ok" : word === "error" ? "error" : "unknown";
}

function phaseNames(phases: unknown): JsonObject {
  const names: JsonObject = {};
  if (!Array.isArray(phases)) return names;
  for (const phase of phases) {
    const id = isObject(phase) ? textOf(phase.id) : null;
    const name = isObject(phase) ? textOf(phase.name) : null;
    if (id && name) names[id] = name;
  }
  return names;
}

const MARKED = new Set([
  "session.error",
  "workflow_run.error",
  "agent.thread_context_compacted",
  "agent.thread_message_sent",
  "agent.thread_message_received",
  "user.interrupt",
  "user.message",
  "user.define_outcome",
  "session.updated",
]);

/** Instants worth seeing on a timeline without reading the events: one span without length each. */
function mergeMark(spans: SpanSet, event: EventRecord): void {
  if (!MARKED.has(event.type) || event.atUs === null) return;
  const span = blankSpan(`${event.threadId}:${event.id}:mark`, "mark", event.threadId);
  span.name = event.type;
  span.startedUs = event.atUs;
  span.endedUs = event.atUs;
  span.startEventId = event.id;
  span.endEventId = event.id;
  span.state = event.type.endsWith(".error") ? "error" : "ok";
  span.attributes = { type: event.type, label: markLabel(event.payload) };
  const error = isObject(event.payload.error) ? event.payload.error : null;
  if (error) {
    const retry = isObject(error.retry_status) ? textOf(error.retry_status.type) : null;
    const server = textOf(error.mcp_server_name);
    span.attributes.error_type = textOf(error.type) ?? "unknown_error";
    span.attributes._error = errorGroup(event.payload, error);
    if (retry) span.attributes.retry_status = retry;
    if (server) span.attributes.mcp_server = server;
  }
  spans.set(span.id, span);
}

function markLabel(payload: JsonObject): string {
  const error = isObject(payload.error) ? payload.error : null;
  const text = error
    ? (textOf(error.message) ?? textOf(error.type))
    : (textOf(payload.to_agent_name) ?? textOf(payload.from_agent_name) ?? textIn(payload.content));
  return cleanText((text ?? "").slice(0, 500));
}
