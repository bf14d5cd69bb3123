import type { DemoSession } from "@/lib/demo/schema";
import { listsOf } from "@/tests/unit/demo/list-checks";

type UsageEvent = Extract<DemoSession["events"][number]["event"], { type: "session.usage" }>;

const SESSION_STATUS: Record<string, string> = {
  "session.status_running": "running",
  "session.status_idle": "idle",
  "session.status_rescheduled": "rescheduling",
  "session.status_terminated": "terminated",
};
const THREAD_STATUS: Record<string, string> = {
  "session.thread_status_running": "running",
  "session.thread_status_idle": "idle",
  "session.thread_status_rescheduled": "rescheduling",
  "session.thread_status_terminated": "terminated",
};

/** Where objects and lists disagree on what is running, and where copies are not as the API makes them. */
export function statusFaults(demo: DemoSession, nowUs: number): string[] {
  const faults: string[] = [];
  const { session, threads } = demo;
  const fault = (text: string) => faults.push(`${session.id}: ${text}`);
  const primary = listsOf(demo).get(null) ?? [];
  let status = "idle";
  let snapshot: UsageEvent | null = null;
  const threadStatus = new Map<string, string>();
  let previous = { type: "", atUs: 0 };
  for (const { event, atUs } of primary) {
    status = SESSION_STATUS[event.type] ?? status;
    const ofThread = THREAD_STATUS[event.type];
    if (ofThread !== undefined && "session_thread_id" in event) {
      threadStatus.set(String(event.session_thread_id), ofThread);
    }
    if (event.type === "session.status_idle") {
      const follows = previous.type === "session.usage" && atUs === previous.atUs + 1;
      if (!follows) fault(`an idle does not follow its usage by 1 µs but ${previous.type}`);
      if (snapshot !== null) {
        faults.push(...budgetFaults(session.id, snapshot, event.stop_reason.type));
      }
    }
    if (event.type === "session.usage") snapshot = event;
    if (atUs !== null) previous = { type: event.type, atUs };
  }
  if (status !== session.status) fault(`status ${session.status}, by its events ${status}`);
  if (session.archived_at !== null && session.status !== "terminated") fault("archived, not ended");
  for (const thread of threads) {
    const expected = threadStatus.get(thread.id) ?? "idle";
    if (thread.status !== expected) fault(`thread ${thread.status}, by its events ${expected}`);
    if ((thread.stats === null) !== !threadStatus.has(thread.id)) fault("stats of a thread");
    if (thread.session_id !== session.id) fault("a thread of another session");
  }
  const roots = threads.filter((thread) => thread.parent_thread_id === null);
  if (roots.length !== 1) fault(`${roots.length} primary threads`);
  for (const at of [session.created_at, session.updated_at, session.archived_at]) {
    if (at !== null && Date.parse(at) * 1_000 > nowUs) fault(`${at} lies in the future`);
  }
  faults.push(...copyFaults(demo));
  return faults;
}

/** At the cap the session has spent it, before it has not; a waiting call outranks the budget. */
function budgetFaults(id: string, event: UsageEvent, reason: string): string[] {
  const cap = event.budget?.max_list_cost.amount;
  const spent = event.usage.list_cost?.amount;
  const reached = reason === "budget_reached";
  if (cap === undefined || spent === undefined) {
    return reached ? [`${id}: reached a budget it does not have`] : [];
  }
  // Shown costs are rounded to the nearest cent.
  const fits = reached ? Number(spent) >= Number(cap) : Number(spent) <= Number(cap);
  return fits || reason === "requires_action" ? [] : [`${id}: ${reason}, ${spent} of ${cap}`];
}

/** Status events of a child are the same in both lists, its waiting calls have another time there. */
function copyFaults(demo: DemoSession): string[] {
  const faults: string[] = [];
  const lists = listsOf(demo);
  const primary = new Map((lists.get(null) ?? []).map((timed) => [timed.event.id, timed]));
  for (const [thread, list] of lists) {
    if (thread === null) continue;
    for (const { event, atUs } of list) {
      const copy = primary.get(event.id);
      if (event.type in THREAD_STATUS && (copy === undefined || copy.atUs !== atUs)) {
        faults.push(`${event.type} ${event.id} differs between the lists`);
      }
      if (event.type === "agent.custom_tool_use" && copy !== undefined && copy.atUs === atUs) {
        faults.push(`${event.type} ${event.id} has the same time in both lists`);
      }
      if (event.type === "user.custom_tool_result" && copy !== undefined) {
        faults.push(`${event.type} ${event.id} has the same id in both lists`);
      }
    }
  }
  return faults;
}
