import { numberAt, recordOf, textAt } from "@/lib/sessions/payload";
import type { SpanItem, SpanState } from "@/lib/sessions/schema";
import { base, type Context, timeOf } from "@/lib/sessions/transcript-context";
import { answeredUse, type Stamped } from "@/lib/sessions/transcript-index";
import type {
  ApprovalRow,
  EvaluationRow,
  RequestRow,
  StepRow,
  ToolRow,
  Usage,
} from "@/lib/sessions/transcript-rows";

/** A call with its answer, and the approval between them where a person was asked. */
export function toolRows(use: Stamped, context: Context): StepRow[] {
  const id = use.item.id;
  const result = context.index.results.get(id) ?? null;
  const confirmation = context.index.confirmations.get(id) ?? null;
  const span = context.spanOf("tool", id);
  const row: ToolRow = {
    ...base(use, "tool"),
    kind: "tool",
    name: textAt(use.event, "name") ?? span?.name ?? "tool",
    toolKind: toolKind(use.type),
    server: textAt(use.event, "mcp_server_name"),
    use: use.item,
    result: result?.item ?? null,
    confirmation: confirmation?.item ?? null,
    spanId: span?.id ?? null,
    state: toolState({ use, result, confirmation, span }),
    endUs: result?.atUs ?? timeOf(span?.ended_at),
    resultElsewhere: result ? null : resultId(span),
    folds: idsOf(result, confirmation),
  };
  row.bad = row.state === "error";
  const asked = textAt(use.event, "evaluated_permission") === "ask" || confirmation !== null;
  if (!asked) return [row];
  return [row, approvalRow({ use, confirmation, name: row.name, context })];
}

/** An answer whose call lies before the events at hand. */
export function orphanResult(result: Stamped, context: Context): ToolRow {
  const span = context.spanOf("tool", answeredUse(result.event) ?? "");
  const row: ToolRow = {
    ...base(result, "tool"),
    kind: "tool",
    name: span?.name ?? "tool",
    toolKind: toolKind(result.type),
    server: null,
    use: null,
    result: result.item,
    confirmation: null,
    spanId: span?.id ?? null,
    state: toolState({ use: null, result, confirmation: null, span }),
    endUs: result.atUs,
    resultElsewhere: null,
  };
  row.bad = row.state === "error";
  return row;
}

export function orphanConfirmation(confirmation: Stamped, context: Context): ApprovalRow {
  const name = context.spanOf("tool", answeredUse(confirmation.event) ?? "")?.name ?? "a call";
  return approvalRow({ use: null, confirmation, name, context });
}

function approvalRow(given: {
  use: Stamped | null;
  confirmation: Stamped | null;
  name: string;
  context: Context;
}): ApprovalRow {
  const { use, confirmation, name, context } = given;
  const useId = use?.item.id ?? answeredUse(confirmation?.event ?? {}) ?? "";
  const span = context.spanOf("approval", useId);
  const source = confirmation ?? use;
  const shared = source ? base(source, "approval") : null;
  return {
    key: `approval:${useId}`,
    eventId: shared?.eventId ?? useId,
    threadId: use?.ownerId ?? shared?.threadId ?? null,
    atUs: use?.atUs ?? timeOf(span?.started_at) ?? shared?.atUs ?? null,
    depth: 0,
    quiet: false,
    bad: false,
    item: source?.item ?? null,
    folds: [],
    kind: "approval",
    name,
    result: textAt(confirmation?.event, "result") ?? textAt(span?.attributes, "result"),
    denyMessage: textAt(confirmation?.event, "deny_message"),
    endUs: confirmation?.atUs ?? timeOf(span?.ended_at),
  };
}

function idsOf(...events: (Stamped | null)[]): string[] {
  return events.flatMap((stamped) => (stamped ? [stamped.item.id] : []));
}

function toolKind(type: string): ToolRow["toolKind"] {
  if (type.includes("mcp")) return "mcp";
  return type.includes("custom") ? "custom" : "builtin";
}

function resultId(span: SpanItem | null): string | null {
  return textAt(span?.attributes, "result_event_id") ?? span?.end_event_id ?? null;
}

function toolState(given: {
  use: Stamped | null;
  result: Stamped | null;
  confirmation: Stamped | null;
  span: SpanItem | null;
}): SpanState {
  const { use, result, confirmation, span } = given;
  if (textAt(confirmation?.event, "result") === "deny") return "denied";
  if (textAt(use?.event, "evaluated_permission") === "deny") return "denied";
  if (!result) return span?.state ?? "open";
  if (span?.state === "denied") return "denied";
  return result.event.is_error === true ? "error" : "ok";
}

export function requestRow(start: Stamped, context: Context): RequestRow {
  const end = context.index.ends.get(start.item.id) ?? null;
  return fillRequest({
    shared: base(start, "request"),
    end,
    span: context.spanOf("model_request", start.item.id),
  });
}

/** A request whose start lies before the events at hand. */
export function startlessRequest(end: Stamped, context: Context): RequestRow {
  const startId = textAt(end.event, "model_request_start_id") ?? end.item.id;
  const span = context.spanOf("model_request", startId);
  return fillRequest({
    shared: {
      ...base(end, "request"),
      key: `request:${end.listId ?? ""}:${startId}`,
      eventId: span?.start_event_id ?? end.item.id,
      atUs: timeOf(span?.started_at) ?? end.atUs,
    },
    end,
    span,
  });
}

function fillRequest(given: {
  shared: ReturnType<typeof base>;
  end: Stamped | null;
  span: SpanItem | null;
}): RequestRow {
  const { shared, end, span } = given;
  const state: SpanState =
    end?.event.is_error === true ? "error" : end ? "ok" : (span?.state ?? "open");
  return {
    ...shared,
    kind: "request",
    bad: state === "error",
    endUs: end?.atUs ?? timeOf(span?.ended_at),
    state,
    usage: span?.usage ?? usageOf(end?.event.model_usage),
    costNanos: span?.cost_nanos ?? null,
    spanId: span?.id ?? null,
    folds: idsOf(end),
    steps: 0,
  };
}

export function usageOf(usage: unknown): Usage | null {
  if (!recordOf(usage)) return null;
  const input = numberAt(usage, "input_tokens");
  const output = numberAt(usage, "output_tokens");
  if (input === null && output === null) return null;
  return {
    input_tokens: input ?? 0,
    cache_write_tokens: numberAt(usage, "cache_creation_input_tokens") ?? 0,
    cache_read_tokens: numberAt(usage, "cache_read_input_tokens") ?? 0,
    output_tokens: output ?? 0,
  };
}

/** A grader's pass: its start with its end, or an end that had no start. */
export function evaluationRow(stamped: Stamped, context: Context): EvaluationRow {
  const isStart = stamped.type.endsWith("_start");
  const end = isStart ? (context.index.ends.get(stamped.item.id) ?? null) : stamped;
  const span = context.spanOf("outcome_evaluation", stamped.item.id);
  const result = textAt(end?.event, "result");
  return {
    ...base(stamped, "evaluation"),
    kind: "evaluation",
    bad: result === "failed" || result === "max_iterations_reached",
    iteration: numberAt(stamped.event, "iteration"),
    result,
    explanation: textAt(end?.event, "explanation"),
    endUs: end?.atUs ?? null,
    folds: isStart ? idsOf(end) : [],
    usage: span?.usage ?? usageOf(end?.event.usage),
    costNanos: span?.cost_nanos ?? null,
  };
}
