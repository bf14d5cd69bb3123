import { cleanText } from "./canonical";
import { isObject } from "./normalize";
import type { EventRecord, JsonObject, Span } from "./schema";
import {
  approvalId,
  blankSpan,
  type Claim,
  calledTool,
  copiedFrom,
  isPreferred,
  type SpanSet,
  textOf,
} from "./spans";

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
  tool.state = toolState(tool);
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
  const { payload } = event;
  const owner = copiedFrom(event);
  const isCopy = owner !== null;
  if (isCopy && tool.startEventId !== null && tool.attributes.cross_posted !== true) return;
  tool.threadId = owner ?? event.threadId;
  tool.name = cleanText(textOf(payload.name) ?? "unnamed tool");
  tool.startedUs = event.atUs;
  tool.startEventId = event.id;
  const attributes: JsonObject = { ...tool.attributes };
  for (const key of ["cross_posted", "permission", "evaluation", "mcp_server"])
    delete attributes[key];
  attributes.tool_kind = KINDS[event.type];
  attributes.input_bytes = bytesOf(payload.input);
  if (isCopy) attributes.cross_posted = true;
  const permission = textOf(payload.evaluated_permission);
  if (permission) attributes.permission = cleanText(permission);
  const evaluation = isObject(payload.evaluation) ? textOf(payload.evaluation.type) : null;
  if (evaluation) attributes.evaluation = cleanText(evaluation);
  const server = textOf(payload.mcp_server_name);
  if (server) attributes.mcp_server = cleanText(server);
  tool.attributes = attributes;
}

function mergeResult(tool: Span, event: EventRecord): void {
  const claim = claimOf(event);
  if (!isPreferred(claim, standingResult(tool))) return;
  if (tool.startEventId === null) tool.threadId = copiedFrom(event) ?? event.threadId;
  tool.endedUs = event.atUs;
  tool.endEventId = event.id;
  tool.attributes = {
    ...tool.attributes,
    is_error: event.payload.is_error === true,
    result_bytes: bytesOf(event.payload.content),
    _result_copied: claim.copied,
  };
}

function standingResult(tool: Span): Claim | null {
  if (tool.endEventId === null) return null;
  return { id: tool.endEventId, us: tool.endedUs, copied: tool.attributes._result_copied === true };
}

function mergeConfirmation(spans: SpanSet, tool: Span, event: EventRecord): void {
  const id = approvalId(tool.id);
  const approval = spans.get(id) ?? blankSpan(id, "approval", "");
  spans.set(id, approval);
  const claim = claimOf(event);
  const standing = approval.endEventId
    ? {
        id: approval.endEventId,
        us: approval.endedUs,
        copied: approval.attributes._copied === true,
      }
    : null;
  if (!isPreferred(claim, standing)) return;
  const denied = event.payload.result === "deny";
  if (approval.startEventId === null) approval.threadId = copiedFrom(event) ?? event.threadId;
  approval.endedUs = event.atUs;
  approval.endEventId = event.id;
  approval.state = denied ? "denied" : "ok";
  const message = textOf(event.payload.deny_message);
  approval.attributes = {
    ...withoutKey(approval.attributes, "deny_message"),
    result: denied ? "deny" : "allow",
    ...(message ? { deny_message: cleanText(message) } : {}),
    _copied: claim.copied,
  };
  tool.attributes = { ...withoutKey(tool.attributes, "denied_by") };
  if (denied) tool.attributes.denied_by = "human";
  if (event.atUs === null) delete tool.attributes._confirmed_us;
  else tool.attributes._confirmed_us = event.atUs;
}

/** The approval takes thread, name and start from its call, whichever of the two came first. */
function mergeApproval(spans: SpanSet, tool: Span): void {
  const id = approvalId(tool.id);
  const asked = tool.attributes.permission === "ask";
  const approval = spans.get(id) ?? (asked ? blankSpan(id, "approval", tool.threadId) : null);
  if (!approval) return;
  spans.set(id, approval);
  approval.attributes = { ...approval.attributes, tool_use_id: tool.id, who: "human" };
  if (tool.startEventId === null) return;
  approval.threadId = tool.threadId;
  approval.name = tool.name;
  approval.startedUs = tool.startedUs;
  approval.startEventId = tool.startEventId;
}

function toolState(tool: Span): Span["state"] {
  if (tool.attributes.denied_by === "human" || tool.attributes.permission === "deny")
    return "denied";
  if (tool.endEventId === null) return "open";
  return tool.attributes.is_error === true ? "error" : "ok";
}

function claimOf(event: EventRecord): Claim {
  return { id: event.id, us: event.atUs, copied: copiedFrom(event) !== null };
}

function withoutKey(attributes: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = attributes;
  return rest;
}

function bytesOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value) ?? "");
}
