import { objectOf, textOf } from "./entries";
import type { Change, JsonObject } from "./shapes";

/** One thin webhook payload's `data`, without organization and workspace. */
export type Announcement = { type: string; id: string; session_thread_id?: string };

const SESSION_TYPES: Record<string, string> = {
  "session.status_running": "session.status_run_started",
  "session.status_idle": "session.status_idled",
  "session.status_rescheduled": "session.status_rescheduled",
  "session.status_terminated": "session.status_terminated",
  "session.updated": "session.updated",
  "span.outcome_evaluation_end": "session.outcome_evaluation_ended",
};

const THREAD_TYPES: Record<string, string> = {
  "session.thread_status_idle": "session.thread_idled",
  "session.thread_status_terminated": "session.thread_terminated",
};

/** Which webhooks a change causes. `budgets` remembers the caps that were told, once each. */
export function announcementsOf(change: Change, budgets: Set<string>): Announcement[] {
  switch (change.kind) {
    case "deleted":
      return [{ type: "session.deleted", id: change.sessionId }];
    case "object":
      return objectAnnouncements(change);
    case "event":
      return change.isNew && change.threadId === null ? eventAnnouncements(change, budgets) : [];
  }
}

function eventAnnouncements(
  change: Extract<Change, { kind: "event" }>,
  budgets: Set<string>,
): Announcement[] {
  const { event, sessionId: id } = change;
  const type = textOf(event.type) ?? "";
  const threadId = textOf(event.session_thread_id);
  if (type === "session.thread_created" && threadId !== null)
    return [{ type, id, session_thread_id: threadId }];
  const ofThread = THREAD_TYPES[type];
  if (ofThread)
    return change.isChild && threadId !== null
      ? [{ type: ofThread, id, session_thread_id: threadId }]
      : [];
  const ofSession = SESSION_TYPES[type];
  if (!ofSession) return [];
  const cap = `${id} ${change.budget}`;
  const isCapped = objectOf(event.stop_reason).type === "budget_reached" && !budgets.has(cap);
  if (isCapped) budgets.add(cap);
  return [{ type: ofSession, id }, ...(isCapped ? [{ type: "session.budget_reached", id }] : [])];
}

function objectAnnouncements(change: Extract<Change, { kind: "object" }>): Announcement[] {
  const { resource, before, after } = change;
  const id = textOf(after.id) ?? "";
  const verbs =
    resource === "deployment_run" ? runVerbs(before, after) : objectVerbs(change, before, after);
  return verbs.map((verb) => ({ type: `${resource}.${verb}`, id }));
}

function objectVerbs(
  { resource }: Extract<Change, { kind: "object" }>,
  before: JsonObject | null,
  after: JsonObject,
): string[] {
  if (before === null) return ["created"];
  if (!before.archived_at && after.archived_at) return ["archived"];
  if (resource === "deployment" && before.status !== after.status)
    return [after.status === "paused" ? "paused" : "unpaused"];
  if (resource === "vault" || resource === "memory_store") return [];
  if (resource === "agent")
    return Number(after.version) > Number(before.version) ? ["updated"] : [];
  return JSON.stringify(before) === JSON.stringify(after) ? [] : ["updated"];
}

/** Manual runs cause none. */
function runVerbs(before: JsonObject | null, run: JsonObject): string[] {
  if (before !== null || objectOf(run.trigger_context).type !== "schedule") return [];
  return ["started", run.error ? "failed" : "succeeded"];
}
