import type { DemoSession, ListedEvent } from "@/lib/demo/schema";
import { simulateFleet } from "@/lib/demo/simulate";

/** One request's content. `event` ids repeat over a session's lists, so a row's key names all three. */
export type Batch = { items: Item[]; events: number };

export type LoadOptions = { seed: string; senders: number; batches: number; events: number };

/** Sessions a sender has running at any time. */
const OPEN = 8;
/** Events of one session that a sender has at once. */
const AT_ONCE = 60;

type Item =
  | { kind: "agent" | "session" | "thread"; data: object }
  | { kind: "event"; data: ListedEvent };

/**
 * What `senders` senders have to send, `batches` requests each with `events` events. Each has its
 * own sessions, several in flight, every session in the order of its times: the object as it was at
 * the start, the events, the object and the threads as they are at the end.
 */
export function makeLoad(options: LoadOptions, nowUs: number): Batch[][] {
  const sessions = simulateFleet({ seed: options.seed, days: 30, sessions: 1_000_000, nowUs });
  const open = Array.from({ length: options.senders }, () => [] as Item[][]);
  return open
    .map(() => [] as Batch[])
    .map((batches, sender) => {
      const running = open[sender] ?? [];
      for (let turn = 0; batches.length < options.batches; ) {
        const items: Item[] = [];
        for (let events = 0; events < options.events; turn++) {
          const slot = turn % OPEN;
          if (!running[slot]?.length) running[slot] = itemsOf(sessions.next().value);
          const taken = take(running[slot] ?? [], Math.min(AT_ONCE, options.events - events));
          events += taken.filter((item) => item.kind === "event").length;
          items.push(...taken);
        }
        batches.push({ items, events: options.events });
      }
      return batches;
    });
}

/** Up to `events` events from the front, with the objects around them. */
function take(items: Item[], events: number): Item[] {
  let end = 0;
  for (let seen = 0; end < items.length; end++) {
    if (items[end]?.kind === "event" && ++seen > events) break;
  }
  return items.splice(0, end);
}

function itemsOf(demo: DemoSession | undefined): Item[] {
  if (!demo) throw new Error("The simulator ran out of sessions.");
  const { session, threads, agents = [], events } = demo;
  const begun = {
    ...session,
    status: "running",
    updated_at: session.created_at,
    archived_at: null,
    usage: {},
  };
  const timed = events.map((event) => ({ event, at: event.event.processed_at ?? "~" }));
  timed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return [
    ...agents.map((data) => ({ kind: "agent" as const, data })),
    { kind: "session", data: begun },
    ...timed.map(({ event }) => ({ kind: "event" as const, data: event })),
    ...threads.map((data) => ({ kind: "thread" as const, data })),
    { kind: "session", data: session },
  ];
}

export function jsonBody({ items }: Batch): string {
  const of = (kind: Item["kind"]) =>
    items.filter((item) => item.kind === kind).map((item) => item.data);
  return JSON.stringify({
    source: "push",
    agents: of("agent"),
    sessions: of("session"),
    threads: of("thread"),
    events: of("event"),
  });
}

export function ndjsonBody({ items }: Batch): string {
  const line = (item: Item) => (item.kind === "event" ? eventLine(item.data) : item);
  return items.map((item) => JSON.stringify(line(item))).join("\n");
}

function eventLine({ session_id, session_thread_id, event }: ListedEvent): object {
  return { kind: "event", session_id, session_thread_id, data: event };
}

/** The events as bare COPY takes them: a key and the JSON. */
export function copyRows({ items }: Batch): Array<[string, string]> {
  return items.flatMap((item) => {
    if (item.kind !== "event") return [];
    const { session_id, session_thread_id, event } = item.data;
    const key = `${session_id}/${session_thread_id ?? ""}/${event.id}`;
    return [[key, JSON.stringify(event)] as [string, string]];
  });
}
