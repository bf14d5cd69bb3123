import { instantOf, objectOf, textOf } from "./entries";
import type { JsonObject } from "./shapes";

const STATUS: Record<string, string> = {
  running: "running",
  idle: "idle",
  rescheduled: "rescheduling",
  terminated: "terminated",
};

/** The session after one of its own lifecycle events, or null when the event does not move it. */
export function sessionAfter(session: JsonObject, event: JsonObject): JsonObject | null {
  const type = textOf(event.type) ?? "";
  const status = STATUS[/^session\.status_(\w+)$/.exec(type)?.[1] ?? ""];
  if (status !== undefined) return { ...session, status, ...touched(session, event) };
  if (type === "session.usage")
    return { ...session, usage: event.usage, ...touched(session, event) };
  if (type !== "session.updated") return null;
  const { title, metadata, budget, agent } = { ...session, ...event };
  return { ...session, title, metadata, budget, agent, ...touched(session, event) };
}

/** The thread that a status event names, after it. */
export function threadAfter(thread: JsonObject, event: JsonObject): JsonObject | null {
  const status = STATUS[/^session\.thread_status_(\w+)$/.exec(textOf(event.type) ?? "")?.[1] ?? ""];
  if (status === undefined) return null;
  return { ...thread, status, ...touched(thread, event) };
}

function touched(before: JsonObject, event: JsonObject): { updated_at: unknown } {
  const old = instantOf(before.updated_at) ?? 0;
  const at = instantOf(event.processed_at) ?? 0;
  return { updated_at: at > old ? event.processed_at : before.updated_at };
}

export function isActive(session: JsonObject): boolean {
  return session.status === "running" || session.status === "rescheduling";
}

export function budgetOf(session: JsonObject): string | null {
  return textOf(objectOf(objectOf(session.budget).max_list_cost).amount);
}
