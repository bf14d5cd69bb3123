import { bytesIn } from "@/lib/masking/sizes";
import { failedGroup } from "./error-text";
import { isObject } from "./normalize";
import type { EventRecord, Span } from "./schema";
import {
  approvalId,
  blankSpan,
  calledTool,
  claimEnd,
  claimStart,
  type SpanSet,
  textOf,
} from "./spans";
import { usedTool } from "./tool-name";

const KINDS: Record<string, string> = {
  "agent.tool_use": "builtin",
  "agent.mcp_tool_use": "mcp",
  "agent.custom_tool_use": "custom",
};

/**
 * Merges a tool use, result or confirmation into the spans of its call. Free of order: whichever
 * comes first leaves a partial span that the others complete, and copies of a child's event in the
 * session's list only stand until the child's own is here.
 */
export function mergeToolEvent(spans: SpanSet, event: EventRecord): boolean {
  const callId = calledTool(event);
  if (callId === null) return false;
  const tool = spans.get(callId) ?? blankSpan(callId, "tool", "");
  spans.set(callId, tool);
  if (event.type in KINDS) mergeUse(tool, event);
  else if (event.type === "user.tool_confirmation") mergeConfirmation(spans, tool, event);
  else mergeResult(tool, event);
  mergeApproval(spans, tool);
  const { denied_by, ...attributes } = tool.attributes;
  const denier = denierOf(tool);
  tool.attributes = denier ? { ...attributes, denied_by: denier } : attributes;
  tool.state = denier ? "denied" : resultState(tool);
  return true;
}

/** When the one who was asked answered: confirmation or result, whichever is first. Null: not, or no time known. */
export function answeredUs(tool: Span): number | null {
  const confirmed = tool.attributes._confirmed_us;
  if (typeof confirmed !== "number") return tool.endedUs;
  return tool.endedUs === null ? confirmed : Math.min(confirmed, tool.endedUs);
}

/** True once the use itself is known; a span made by a result or a wait alone is no call yet. */
export function isCall(span: Span): boolean {
  return span.kind === "tool" && span.startEventId !== null;
}

function mergeUse(tool: Span, event: EventRecord): void {
  if (!claimStart(tool, event)) return;
  const { payload } = event;
  tool.name = usedTool(payload);
  const { permission, evaluation, mcp_server, ...attributes } = tool.attributes;
  attributes.tool_kind = KINDS[event.type];
  attributes.input_bytes = bytesIn(payload, "input");
  const permitted = textOf(payload.evaluated_permission);
  if (permitted) attributes.permission = permitted;
  const evaluated = isObject(payload.evaluation) ? textOf(payload.evaluation.type) : null;
  if (evaluated) attributes.evaluation = evaluated;
  const server = textOf(payload.mcp_server_name);
  if (server) attributes.mcp_server = server;
  tool.attributes = attributes;
}

function mergeResult(tool: Span, event: EventRecord): void {
  if (!claimEnd(tool, event)) return;
  const { _error, ...attributes } = tool.attributes;
  const isError = event.payload.is_error === true;
  tool.attributes = {
    ...attributes,
    is_error: isError,
    result_bytes: bytesIn(event.payload, "content"),
    ...(isError ? { _error: failedGroup(event.payload) } : {}),
  };
}

function mergeConfirmation(spans: SpanSet, tool: Span, event: EventRecord): void {
  const id = approvalId(tool.id);
  const approval = spans.get(id) ?? blankSpan(id, "approval", "");
  spans.set(id, approval);
  if (!claimEnd(approval, event)) return;
  const denied = event.payload.result === "deny";
  approval.state = denied ? "denied" : "ok";
  const { deny_message, ...attributes } = approval.attributes;
  const message = textOf(event.payload.deny_message);
  approval.attributes = { ...attributes, result: denied ? "deny" : "allow" };
  if (message) approval.attributes.deny_message = message;
  // Null while the confirmation is queued: it is an answer, its time is not known.
  tool.attributes = { ...tool.attributes, _denied: denied, _confirmed_us: event.atUs };
}

/**
 * There is an approval where the use that stands asks for one, or somebody answered. It takes thread,
 * name and start from its call, whichever of the two came first.
 */
function mergeApproval(spans: SpanSet, tool: Span): void {
  const id = approvalId(tool.id);
  const known = spans.get(id);
  const isAnswered = known !== undefined && known.endEventId !== null;
  if (tool.attributes.permission !== "ask" && !isAnswered) {
    // A copy that was overruled since may have asked.
    spans.delete(id);
    return;
  }
  const approval = known ?? blankSpan(id, "approval", tool.threadId);
  spans.set(id, approval);
  approval.attributes = { ...approval.attributes, tool_use_id: tool.id, who: "human" };
  if (tool.startEventId === null) return;
  approval.threadId = tool.threadId;
  approval.name = tool.name;
  approval.startedUs = tool.startedUs;
  approval.startEventId = tool.startEventId;
}

function denierOf({ attributes }: Span): "human" | "policy" | null {
  if (attributes._denied === true) return "human";
  return attributes.permission === "deny" ? "policy" : null;
}

function resultState(tool: Span): Span["state"] {
  if (tool.endEventId === null) return "open";
  return tool.attributes.is_error === true ? "error" : "ok";
}
