import { cleanText } from "./canonical";
import { isObject } from "./normalize";
import type { EventRecord, JsonObject, Span } from "./schema";
import { blankSpan, isPreferred, referencedSpans, type SpanSet, textOf, tokensOf } from "./spans";

/**
 * Merges model requests, outcome evaluations and workflow phases, and sets marks. Free of order:
 * start and end each fill their half. Returns false for an event that makes no such span.
 */
export function mergeWorkEvent(spans: SpanSet, event: EventRecord): boolean {
  switch (event.type) {
    case "span.model_request_start":
      startSpan(spans, event, "model_request", "model request");
      return true;
    case "span.model_request_end":
      endModelRequest(spans, event);
      return true;
    case "span.outcome_evaluation_start":
      startSpan(spans, event, "outcome_evaluation", evaluationName(event.payload));
      return true;
    case "span.outcome_evaluation_end":
      endEvaluation(spans, event);
      return true;
    case "workflow_run.phase_started":
    case "workflow_run.phase_ended":
      mergePhase(spans, event);
      return true;
    case "workflow_run.created":
    case "workflow_run.status_ended":
      mergeRun(spans, event);
      return true;
    default:
      return mergeMark(spans, event);
  }
}

function spanOf(spans: SpanSet, event: EventRecord, kind: string): Span {
  const id = referencedSpans(event)[0] ?? event.id;
  const span = spans.get(id) ?? blankSpan(id, kind, event.threadId);
  spans.set(id, span);
  return span;
}

function startSpan(spans: SpanSet, event: EventRecord, kind: string, name: string): void {
  const span = spanOf(spans, event, kind);
  span.threadId = event.threadId;
  span.name = name;
  span.startedUs = event.atUs;
  span.startEventId = event.id;
  if (kind === "outcome_evaluation") Object.assign(span.attributes, evaluationKeys(event.payload));
}

/** Closes a span unless a better claim to its end stands; says whether it did. */
function closeSpan(span: Span, event: EventRecord): boolean {
  const standing =
    span.endEventId === null ? null : { id: span.endEventId, us: span.endedUs, copied: false };
  if (!isPreferred({ id: event.id, us: event.atUs, copied: false }, standing)) return false;
  span.endedUs = event.atUs;
  span.endEventId = event.id;
  if (span.startEventId === null) span.threadId = event.threadId;
  return true;
}

function endModelRequest(spans: SpanSet, event: EventRecord): void {
  const span = spanOf(spans, event, "model_request");
  if (!closeSpan(span, event)) return;
  const { payload } = event;
  const isError = typeof payload.is_error === "boolean" ? payload.is_error : null;
  const speed = isObject(payload.model_usage) ? textOf(payload.model_usage.speed) : null;
  span.name = "model request";
  span.state = isError === null ? "unknown" : isError ? "error" : "ok";
  span.tokens = tokensOf(payload.model_usage);
  span.attributes = { is_error: isError, ...(speed ? { speed: cleanText(speed) } : {}) };
}

function endEvaluation(spans: SpanSet, event: EventRecord): void {
  const span = spanOf(spans, event, "outcome_evaluation");
  if (!closeSpan(span, event)) return;
  const result = textOf(event.payload.result) ?? "unknown";
  const explanation = textOf(event.payload.explanation);
  span.name = evaluationName(event.payload);
  span.state = evaluationState(result);
  span.tokens = tokensOf(event.payload.usage);
  span.attributes = {
    ...evaluationKeys(event.payload),
    result: cleanText(result),
    ...(explanation ? { explanation: cleanText(explanation) } : {}),
  };
}

function evaluationState(result: string): Span["state"] {
  if (result === "failed" || result === "max_iterations_reached") return "error";
  return result === "satisfied" || result === "needs_revision" ? "ok" : "unknown";
}

function evaluationName(payload: JsonObject): string {
  return `evaluation ${typeof payload.iteration === "number" ? payload.iteration + 1 : ""}`.trim();
}

function evaluationKeys(payload: JsonObject): JsonObject {
  const keys: JsonObject = {};
  const outcome = textOf(payload.outcome_id);
  if (outcome) keys.outcome_id = cleanText(outcome);
  if (typeof payload.iteration === "number") keys.iteration = payload.iteration;
  return keys;
}

function mergePhase(spans: SpanSet, event: EventRecord): void {
  const span = spanOf(spans, event, "workflow_phase");
  const isStart = event.type === "workflow_run.phase_started";
  if (!isStart && !closeSpan(span, event)) return;
  if (isStart) {
    span.threadId = event.threadId;
    span.startedUs = event.atUs;
    span.startEventId = event.id;
  }
  const phase = textOf(event.payload.workflow_run_phase_id);
  const run = textOf(event.payload.workflow_run_id);
  if (phase) span.attributes.phase_id = cleanText(phase);
  if (run) span.attributes.workflow_run_id = cleanText(run);
  span.name = typeof span.attributes.phase_id === "string" ? span.attributes.phase_id : "phase";
  span.state = span.endEventId === null ? "open" : "ok";
}

/** A run keeps the names of its phases; they are put on the phases when a trace is read. */
function mergeRun(spans: SpanSet, event: EventRecord): void {
  const span = spanOf(spans, event, "workflow_run");
  if (event.type === "workflow_run.created") {
    span.threadId = event.threadId;
    span.startedUs = event.atUs;
    span.startEventId = event.id;
    span.name = cleanText(textOf(event.payload.name) ?? "workflow run");
    span.attributes.phases = phaseNames(event.payload.phases);
    return;
  }
  if (!closeSpan(span, event)) return;
  const result = isObject(event.payload.result) ? event.payload.result.type : event.payload.result;
  const word = cleanText(textOf(result) ?? "unknown");
  span.attributes.result = word;
  span.state = word === "completed" ? "ok" : word === "error" ? "error" : "unknown";
}

function phaseNames(phases: unknown): JsonObject {
  const names: JsonObject = {};
  if (!Array.isArray(phases)) return names;
  for (const phase of phases) {
    const id = isObject(phase) ? textOf(phase.id) : null;
    const name = isObject(phase) ? textOf(phase.name) : null;
    if (id && name) names[cleanText(id)] = cleanText(name);
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
function mergeMark(spans: SpanSet, event: EventRecord): boolean {
  if (!MARKED.has(event.type) || event.atUs === null) return false;
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
    span.attributes.error_type = cleanText(textOf(error.type) ?? "unknown_error");
    if (retry) span.attributes.retry_status = cleanText(retry);
  }
  spans.set(span.id, span);
  return true;
}

function markLabel(payload: JsonObject): string {
  const error = isObject(payload.error) ? payload.error : null;
  const text = error
    ? (textOf(error.message) ?? textOf(error.type))
    : (textOf(payload.to_agent_name) ?? textOf(payload.from_agent_name) ?? textIn(payload.content));
  return cleanText((text ?? "").slice(0, 500));
}

/** The text blocks of a content list, a line between them. */
export function textIn(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const parts: string[] = [];
  for (const block of content)
    if (isObject(block) && typeof block.text === "string") parts.push(block.text);
  return parts.join("\n");
}
