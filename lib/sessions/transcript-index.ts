import { textAt } from "@/lib/sessions/payload";
import type { EventItem, ThreadItem } from "@/lib/sessions/schema";
import { PRIMARY, type TranscriptInput } from "@/lib/sessions/transcript-rows";
import { microsFromIso } from "@/lib/time/micros";

/** An event with what its place in the lists tells. */
export type Stamped = {
  item: EventItem;
  type: string;
  event: Record<string, unknown>;
  atUs: number | null;
  /** The list it stands in; null is the session's own. */
  listId: string | null;
  /** The thread it is about: the child's for a copy the session's list holds. */
  ownerId: string | null;
};

export type EventIndex = {
  timed: Stamped[];
  untimed: Stamped[];
  uses: Map<string, Stamped>;
  results: Map<string, Stamped>;
  confirmations: Map<string, Stamped>;
  /** Ends of requests, evaluations and phases by the id of their start. */
  ends: Map<string, Stamped>;
  starts: Map<string, Stamped>;
  isChild: (threadId: string) => boolean;
  nameOf: (threadId: string | null) => string;
};

const USES = new Set(["agent.tool_use", "agent.mcp_tool_use", "agent.custom_tool_use"]);
const RESULTS = new Set([
  "agent.tool_result",
  "agent.mcp_tool_result",
  "user.custom_tool_result",
  "user.tool_result",
]);
const START_KEYS = [
  "model_request_start_id",
  "outcome_evaluation_start_id",
  "phase_started_id",
] as const;

export function isUse(type: string): boolean {
  return USES.has(type);
}

export function isResult(type: string): boolean {
  return RESULTS.has(type);
}

/** The tool use an answer belongs to, whatever list and kind of tool it came by. */
export function answeredUse(event: Record<string, unknown>): string | null {
  return (
    textAt(event, "tool_use_id") ??
    textAt(event, "custom_tool_use_id") ??
    textAt(event, "mcp_tool_use_id")
  );
}

/** Names for threads: the agent's, numbered where two threads share one. */
export function threadNames(threads: readonly ThreadItem[]): (threadId: string | null) => string {
  const names = new Map<string | null, string>();
  const used = new Map<string, number>();
  for (const thread of threads) {
    const base = thread.agent.name ?? (thread.id === null ? "main" : shortId(thread.id));
    const times = (used.get(base) ?? 0) + 1;
    used.set(base, times);
    names.set(thread.id, times > 1 ? `${base} ${times}` : base);
  }
  return (threadId) => names.get(threadId) ?? (threadId === null ? "main" : shortId(threadId));
}

function shortId(id: string): string {
  return id.length > 14 ? `${id.slice(0, 5)}…${id.slice(-5)}` : id;
}

/** A copy and its original agree in this, though ids and times may differ. */
function twinKey(stamped: Stamped): string {
  return `${stamped.type}|${answeredUse(stamped.event) ?? stamped.item.id}`;
}

export function indexEvents(input: TranscriptInput): EventIndex {
  const children = childIds(input);
  const until = input.untilUs ?? Number.POSITIVE_INFINITY;
  const all: Stamped[] = [];
  for (const item of input.events) {
    const atUs = item.at === null ? null : microsFromIso(item.at);
    if (atUs !== null && atUs > until) continue;
    // At an instant of the past, what has no time cannot be told to have happened yet; the opening
    // message is the one exception.
    if (atUs === null && until < Number.POSITIVE_INFINITY && item.type !== "user.message") continue;
    const named = textAt(item.event, "session_thread_id");
    const listId = item.session_thread_id;
    const ownerId = listId ?? (named !== null && children.has(named) ? named : null);
    all.push({ item, type: item.type, event: item.event, atUs, listId, ownerId });
  }
  const originals = new Set<string>();
  for (const stamped of all) if (stamped.listId !== null) originals.add(twinKey(stamped));
  const shown = all.filter((stamped) => {
    if (input.view === PRIMARY) return stamped.listId === null;
    if (input.view !== "all") return stamped.listId === input.view;
    const copy = stamped.listId === null && stamped.ownerId !== null;
    return !copy || !originals.has(twinKey(stamped));
  });
  return {
    ...pairs(shown),
    ...split(shown),
    isChild: (id) => children.has(id),
    nameOf: namesOf(input, children),
  };
}

/** Names of the threads described, and of those only events tell of. */
function namesOf(
  input: TranscriptInput,
  children: ReadonlySet<string>,
): (threadId: string | null) => string {
  const described = new Set(input.threads.map((thread) => thread.id));
  const told = new Map<string, string>();
  for (const item of input.events) {
    const id = textAt(item.event, "session_thread_id");
    const name = textAt(item.event, "agent_name");
    if (id !== null && name !== null && children.has(id) && !described.has(id)) told.set(id, name);
  }
  const nameOf = threadNames(input.threads);
  return (threadId) => (threadId === null ? null : told.get(threadId)) ?? nameOf(threadId);
}

function childIds(input: TranscriptInput): Set<string> {
  const ids = new Set<string>();
  for (const thread of input.threads) if (thread.id !== null) ids.add(thread.id);
  for (const item of input.events) {
    if (item.session_thread_id !== null) ids.add(item.session_thread_id);
    if (item.type === "session.thread_created") {
      const id = textAt(item.event, "session_thread_id");
      if (id !== null) ids.add(id);
    }
  }
  return ids;
}

function split(shown: readonly Stamped[]): Pick<EventIndex, "timed" | "untimed"> {
  const timed = shown.filter((stamped) => stamped.atUs !== null);
  timed.sort((a, b) => (a.atUs ?? 0) - (b.atUs ?? 0));
  return { timed, untimed: shown.filter((stamped) => stamped.atUs === null) };
}

function pairs(
  shown: readonly Stamped[],
): Pick<EventIndex, "uses" | "results" | "confirmations" | "ends" | "starts"> {
  const uses = new Map<string, Stamped>();
  const results = new Map<string, Stamped>();
  const confirmations = new Map<string, Stamped>();
  const ends = new Map<string, Stamped>();
  const starts = new Map<string, Stamped>();
  for (const stamped of shown) {
    const answered = answeredUse(stamped.event);
    if (isUse(stamped.type)) uses.set(stamped.item.id, stamped);
    else if (isResult(stamped.type) && answered !== null) keepBest(results, answered, stamped);
    else if (stamped.type === "user.tool_confirmation" && answered !== null)
      keepBest(confirmations, answered, stamped);
    else if (/^span\..+_start$|^workflow_run\.phase_started$/.test(stamped.type))
      starts.set(stamped.item.id, stamped);
    for (const key of START_KEYS) {
      const start = textAt(stamped.event, key);
      if (start !== null && start !== "") ends.set(start, stamped);
    }
  }
  return { uses, results, confirmations, ends, starts };
}

/** Of several answers to one use the child's own and the timed one tell more than a copy. */
function keepBest(map: Map<string, Stamped>, key: string, stamped: Stamped): void {
  const known = map.get(key);
  const worth = (s: Stamped) => (s.listId !== null ? 2 : 0) + (s.atUs !== null ? 1 : 0);
  if (!known || worth(stamped) > worth(known)) map.set(key, stamped);
}
