import { plain } from "@/lib/format";
import { plainText } from "@/lib/sessions/content";
import { listAt, recordOf, textAt } from "@/lib/sessions/payload";
import { base, type Context, otherThread } from "@/lib/sessions/transcript-context";
import { answeredUse, isResult, isUse, type Stamped } from "@/lib/sessions/transcript-index";
import type { HandoffRow, MarkRow, StepRow } from "@/lib/sessions/transcript-rows";
import { statusRow } from "@/lib/sessions/transcript-status";
import {
  evaluationRow,
  orphanConfirmation,
  orphanResult,
  requestRow,
  startlessRequest,
  toolRows,
} from "@/lib/sessions/transcript-tools";

/** The rows one event stands for; none when it is told by another event's row. */
export function stepsOf(stamped: Stamped, context: Context): StepRow[] {
  const { type, event } = stamped;
  if (isUse(type)) return toolRows(stamped, context);
  if (isResult(type)) {
    const known = context.index.uses.has(answeredUse(event) ?? "");
    const best = context.index.results.get(answeredUse(event) ?? "") === stamped;
    return known || !best ? [] : [orphanResult(stamped, context)];
  }
  switch (type) {
    case "user.message":
    case "agent.message":
    case "system.message":
      return [messageRow(stamped)];
    case "agent.thinking":
      return [{ ...base(stamped, "thinking"), kind: "thinking" }];
    case "user.tool_confirmation":
      return context.index.uses.has(answeredUse(event) ?? "")
        ? []
        : [orphanConfirmation(stamped, context)];
    case "span.model_request_start":
      return [requestRow(stamped, context)];
    case "span.model_request_end":
      return startKnown(stamped, context) ? [] : [startlessRequest(stamped, context)];
    case "span.outcome_evaluation_start":
      return [evaluationRow(stamped, context)];
    case "span.outcome_evaluation_end":
      return startKnown(stamped, context) ? [] : [evaluationRow(stamped, context)];
    case "agent.thread_message_sent":
      return [handoffRow(stamped, context)];
    case "agent.thread_message_received":
      return context.isReceivedElsewhere(stamped) ? [] : [handoffRow(stamped, context)];
    case "session.error":
    case "workflow_run.error":
      return [errorRow(stamped)];
    default:
      return [statusRow(stamped, context) ?? markRow(stamped, context) ?? genericRow(stamped)];
  }
}

function startKnown(end: Stamped, context: Context): boolean {
  const id =
    textAt(end.event, "model_request_start_id") ??
    textAt(end.event, "outcome_evaluation_start_id") ??
    textAt(end.event, "phase_started_id");
  return id !== null && context.index.starts.has(id);
}

function genericRow(stamped: Stamped): StepRow {
  return { ...base(stamped, "event"), kind: "event", type: stamped.type };
}

export function messageRow(stamped: Stamped): Extract<StepRow, { kind: "message" }> {
  const from = stamped.type.startsWith("user.")
    ? "user"
    : stamped.type.startsWith("system.")
      ? "system"
      : "agent";
  return {
    ...base(stamped, "message"),
    kind: "message",
    from,
    content: stamped.event.content,
    queued: stamped.atUs === null,
    placed: false,
  };
}

function handoffRow(stamped: Stamped, context: Context): HandoffRow {
  const sent = stamped.type === "agent.thread_message_sent";
  const own = stamped.listId;
  const other = otherThread(stamped, context.index);
  const named = textAt(stamped.event, sent ? "to_agent_name" : "from_agent_name");
  const received = sent ? context.receivedOf(stamped) : null;
  const otherName =
    other === null ? (named ?? context.index.nameOf(null)) : context.index.nameOf(other);
  const ownName = context.index.nameOf(own);
  return {
    ...base(stamped, "handoff"),
    kind: "handoff",
    from: sent ? ownName : otherName,
    to: sent ? otherName : ownName,
    toThreadId: sent ? other : own,
    content: stamped.event.content,
    receivedUs: sent ? (received?.atUs ?? null) : stamped.atUs,
    folds: received ? [received.item.id] : [],
  };
}

function errorRow(stamped: Stamped): StepRow {
  const error = recordOf(stamped.event.error);
  return {
    ...base(stamped, "error"),
    kind: "error",
    bad: true,
    errorType: textAt(error, "type") ?? "unknown_error",
    message: textAt(error, "message") ?? "",
    retry: textAt(error?.retry_status, "type"),
  };
}

function markRow(stamped: Stamped, context: Context): MarkRow | null {
  const { type, event } = stamped;
  const row = (mark: MarkRow["mark"], label: string, detail: string | null = null): MarkRow => ({
    ...base(stamped, "mark"),
    kind: "mark",
    mark,
    label,
    detail,
  });
  const run = textAt(event, "workflow_run_id") ?? "";
  switch (type) {
    case "agent.thread_context_compacted":
      return row("compaction", "context compacted");
    case "user.interrupt":
      return row(
        "interrupt",
        stamped.atUs === null ? "interrupt sent, not applied yet" : "interrupted",
      );
    case "user.define_outcome":
      return row("goal", "goal set", textAt(event, "description") ?? plainText(event.content));
    case "session.updated":
      return row("update", `session changed: ${changedFields(event)}`);
    case "session.deleted":
      return row("deleted", "session deleted on the platform");
    case "session.usage":
      return { ...row("usage", "usage so far"), quiet: true };
    case "span.outcome_evaluation_ongoing":
      return { ...row("usage", "evaluation goes on"), quiet: true };
    case "session.thread_created": {
      const child = context.index.nameOf(textAt(event, "session_thread_id"));
      const label = `${plain(context.index.nameOf(stamped.listId))} started ${child}`;
      return { ...row("thread", label), threadId: stamped.listId };
    }
    case "workflow_run.created": {
      const phases = listAt(event, "phases").map((phase) => textAt(phase, "name") ?? "phase");
      return row(
        "workflow",
        `workflow started: ${textAt(event, "name") ?? run}`,
        phases.join(" → "),
      );
    }
    case "workflow_run.phase_started":
    case "workflow_run.phase_ended":
      return row(
        "workflow",
        `phase ${textAt(event, "workflow_run_phase_id") ?? ""} ${type.endsWith("ended") ? "ended" : "started"}`,
      );
    case "workflow_run.status_running":
    case "workflow_run.status_idle":
      return {
        ...row("workflow", `workflow ${type.endsWith("idle") ? "idle" : "running"}`),
        quiet: true,
      };
    case "workflow_run.status_ended":
      return row("workflow", `workflow ended: ${workflowResult(event)}`);
    default:
      return null;
  }
}

function changedFields(event: Record<string, unknown>): string {
  const fields = ["title", "agent", "budget", "metadata"].filter((field) => field in event);
  return fields.length > 0 ? fields.join(", ") : "nothing named";
}

function workflowResult(event: Record<string, unknown>): string {
  const result = textAt(event, "result") ?? textAt(event.result, "type");
  const message = textAt(recordOf(event.result)?.error, "message");
  return [result ?? "ended", message].filter((part) => part !== null).join(": ");
}
