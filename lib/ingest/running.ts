import { isObject } from "./normalize";
import type { EventRecord } from "./schema";
import { textOf } from "./spans";

/**
 * For how long any thread of a session has run: overlapping threads count once. Read off the
 * session's own list, which holds its children's status events too. '' is the session itself.
 */
export type Running = { threads: string[]; sinceUs: number | null; us: number };

export function newRunning(): Running {
  return { threads: [], sinceUs: null, us: 0 };
}

const CHILD_STATUS = "session.thread_status_";

/** `primary` is the id of the primary thread, whose running is the session's. */
export function stepRunning(
  running: Running,
  event: EventRecord,
  at: number,
  primary: string | null,
): void {
  if (event.threadId !== "") return;
  const threads = threadsAfter(running.threads, event, primary);
  if (threads === running.threads) return;
  running.threads = threads;
  if (threads.length > 0) {
    running.sinceUs ??= at;
  } else if (running.sinceUs !== null) {
    running.us += at - running.sinceUs;
    running.sinceUs = null;
  }
}

function threadsAfter(threads: string[], event: EventRecord, primary: string | null): string[] {
  const child = textOf(event.payload.session_thread_id);
  const started = (id: string) => (threads.includes(id) ? threads : [...threads, id].sort());
  const ended = (id: string) =>
    threads.includes(id) ? threads.filter((one) => one !== id) : threads;
  switch (event.type) {
    case "session.status_running":
      return started("");
    case "session.status_rescheduled":
      return ended("");
    case "session.status_idle":
      // A session is seen to wait while a child still works; otherwise idle means all of it.
      return stopOf(event) === "requires_action" ? ended("") : [];
    case "session.status_terminated":
    case "session.deleted":
      return [];
    default:
      if (!event.type.startsWith(CHILD_STATUS) || child === null || child === primary)
        return threads;
      return event.type === `${CHILD_STATUS}running` ? started(child) : ended(child);
  }
}

function stopOf(event: EventRecord): unknown {
  const { stop_reason } = event.payload;
  return isObject(stop_reason) ? stop_reason.type : null;
}
