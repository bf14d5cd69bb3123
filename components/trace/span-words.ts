import { errorWords } from "@/lib/sessions/event-words";
import { textAt } from "@/lib/sessions/payload";
import type { EventItem, SpanItem } from "@/lib/sessions/schema";

const KINDS: Record<SpanItem["kind"], string> = {
  turn: "Turn",
  model_request: "Model request",
  tool: "Tool",
  approval: "Approval",
  outcome_evaluation: "Evaluation",
  workflow_phase: "Workflow phase",
};

export function kindWord(kind: SpanItem["kind"]): string {
  return KINDS[kind];
}

/** What a span is called where it stands alone: "bash", "Model request", "Turn 3". */
export function spanTitle(span: SpanItem): string {
  const number = span.attributes.number;
  switch (span.kind) {
    case "turn":
      return typeof number === "number" ? `Turn ${number}` : "Turn";
    case "tool":
      return span.name;
    case "approval":
      return `Approval of ${span.name}`;
    case "model_request":
      return KINDS.model_request;
    default:
      return `${KINDS[span.kind]} ${span.name === span.kind ? "" : span.name}`.trim();
  }
}

/** The state of a span in a word. */
export function stateWord(span: Pick<SpanItem, "state" | "kind" | "attributes">): string {
  if (span.state === "open") return span.kind === "approval" ? "waiting" : "running";
  if (span.state === "unknown") return "end unknown";
  if (span.state === "denied") {
    return textAt(span.attributes, "denied_by") === "policy" ? "denied by policy" : "denied";
  }
  if (span.state === "error") {
    const type = textAt(span.attributes, "error_type");
    return type === null ? "error" : errorWords(type);
  }
  return "ok";
}

const EVENT_TITLES: Record<string, string> = {
  "user.message": "User message",
  "agent.message": "Agent message",
  "system.message": "System message",
  "agent.thinking": "Thinking",
  "session.error": "Error",
  "session.usage": "Usage so far",
  "agent.thread_message_sent": "Message to a thread",
  "agent.thread_message_received": "Message from a thread",
  "agent.thread_context_compacted": "Context compacted",
  "user.interrupt": "Interrupt",
  "user.define_outcome": "Goal",
};

/** What the selected thing is called: its interval's name, else its event's. */
export function selectedTitle({
  span,
  event,
}: {
  span: SpanItem | null;
  event: EventItem | null;
}): string {
  if (span && span.kind !== "turn") return spanTitle(span);
  return event ? (EVENT_TITLES[event.type] ?? event.type) : "Event";
}
