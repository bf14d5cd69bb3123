import type { DemoEvent, DemoSession } from "@/lib/demo/schema";
import { microsFromIso } from "@/lib/time/micros";

const ID =
  /^(sevt|sesn|sthr|agent|env|depl|wrun|wrph|outc|vlt|vcred|file|memstore|sesrsc)_01[1-9A-HJ-NP-Za-km-z]{22}$/;
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const MAY_LACK_TIME = new Set([
  "user.message",
  "user.interrupt",
  "user.custom_tool_result",
  "user.tool_result",
]);

export interface Timed {
  event: DemoEvent;
  /** Null: no time is given. */
  atUs: number | null;
}

/** The lists of a session: the primary under null, the others under their thread. */
export function listsOf(demo: DemoSession): Map<string | null, Timed[]> {
  const lists = new Map<string | null, Timed[]>();
  for (const { session_thread_id, event } of demo.events) {
    const at = event.processed_at;
    const timed = { event, atUs: typeof at === "string" ? microsFromIso(at) : null };
    const list = lists.get(session_thread_id);
    if (list === undefined) lists.set(session_thread_id, [timed]);
    else list.push(timed);
  }
  return lists;
}

/** What is wrong with the order, the times and the ids of a session's lists; nothing, it is hoped. */
export function orderFaults(demo: DemoSession, nowUs: number): string[] {
  const faults: string[] = [];
  const fault = (text: string) => faults.push(`${demo.session.id}: ${text}`);
  const threadIds = new Set(demo.threads.map((thread) => thread.id));
  if (!ID.test(demo.session.id)) fault(`session id ${demo.session.id}`);
  for (const [thread, list] of listsOf(demo)) {
    if (thread !== null && !threadIds.has(thread)) fault(`list of unknown thread ${thread}`);
    const ids = new Set<string>();
    let previousUs = 0;
    let queued = false;
    for (const { event, atUs } of list) {
      if (!ID.test(event.id)) fault(`event id ${event.id}`);
      if (ids.has(event.id)) fault(`id ${event.id} twice in a list`);
      ids.add(event.id);
      if (atUs === null) {
        if (!MAY_LACK_TIME.has(event.type)) fault(`${event.type} without a time`);
        if (event.processed_at === null) queued = true;
        continue;
      }
      if (queued) fault(`${event.type} after a queued input`);
      if (!STAMP.test(String(event.processed_at))) fault(`time ${event.processed_at}`);
      if (atUs <= previousUs) fault(`${event.type} at ${event.processed_at} is out of order`);
      if (atUs > nowUs) fault(`${event.type} lies in the future`);
      previousUs = atUs;
      if ("session_thread_id" in event && typeof event.session_thread_id === "string") {
        if (!threadIds.has(event.session_thread_id)) fault(`${event.type} of an unknown thread`);
      }
    }
  }
  return faults;
}

/** What does not resolve: results without their use, ends without their start, waits for nothing. */
export function referenceFaults(demo: DemoSession): string[] {
  const faults: string[] = [];
  const everywhere = new Map<string, DemoEvent>();
  for (const { event } of demo.events) everywhere.set(event.id, event);
  for (const list of listsOf(demo).values()) {
    const before = new Map<string, string>();
    const runs = new Set<string>();
    const need = (event: DemoEvent, id: string, types: readonly string[]) => {
      const crossPosted =
        "session_thread_id" in event && typeof event.session_thread_id === "string";
      const type = crossPosted ? everywhere.get(id)?.type : before.get(id);
      if (type === undefined || !types.includes(type)) {
        faults.push(`${demo.session.id}: ${event.type} ${event.id} → ${id} (${type})`);
      }
    };
    for (const { event } of list) {
      checkOne(event, need, everywhere, faults);
      if ("workflow_run_id" in event && typeof event.workflow_run_id === "string") {
        if (event.type === "workflow_run.created") runs.add(event.workflow_run_id);
        else if (!runs.has(event.workflow_run_id)) faults.push(`${event.type} of an unknown run`);
      }
      before.set(event.id, event.type);
    }
  }
  return faults;
}

const USES = ["agent.tool_use", "agent.mcp_tool_use"];

function checkOne(
  event: DemoEvent,
  need: (event: DemoEvent, id: string, types: readonly string[]) => void,
  everywhere: ReadonlyMap<string, DemoEvent>,
  faults: string[],
): void {
  switch (event.type) {
    case "agent.tool_result":
    case "user.tool_result":
      need(event, event.tool_use_id, ["agent.tool_use"]);
      break;
    case "agent.mcp_tool_result":
      need(event, event.mcp_tool_use_id, ["agent.mcp_tool_use"]);
      break;
    case "user.custom_tool_result":
      need(event, event.custom_tool_use_id, ["agent.custom_tool_use"]);
      break;
    case "user.tool_confirmation":
      need(event, event.tool_use_id, USES);
      break;
    case "span.model_request_end":
      need(event, event.model_request_start_id, ["span.model_request_start"]);
      break;
    case "span.outcome_evaluation_end":
      if (event.outcome_evaluation_start_id !== "") {
        need(event, event.outcome_evaluation_start_id, ["span.outcome_evaluation_start"]);
      }
      break;
    case "workflow_run.phase_ended":
      need(event, event.phase_started_id, ["workflow_run.phase_started"]);
      break;
    case "session.status_idle":
    case "session.thread_status_idle":
      if (event.stop_reason.type !== "requires_action") break;
      for (const id of event.stop_reason.event_ids) {
        const type = everywhere.get(id)?.type ?? "";
        if (![...USES, "agent.custom_tool_use"].includes(type)) faults.push(`waits for ${id}`);
      }
      break;
    default:
      break;
  }
}
