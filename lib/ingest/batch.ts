import type { EventRecord, ObjectRecord } from "./schema";
import { copiedFrom, textOf } from "./spans";

/** What a request brings for one session, each event and object once, its best version. */
export type SessionBatch = {
  sessionId: string;
  events: EventRecord[];
  session: ObjectRecord | null;
  threads: Map<string, ObjectRecord>;
};

export type Grouped = {
  sessions: SessionBatch[];
  agents: ObjectRecord[];
  environments: ObjectRecord[];
  /** Items that the same request brought more than once. */
  repeated: number;
};

/** Which of two versions of an event stands: one with a time, then the later, then the greater hash. */
export function beatsEvent(
  candidate: { atUs: number | null; hash: string },
  standing: { atUs: number | null; hash: string },
): boolean {
  if (candidate.atUs !== standing.atUs)
    return (
      (candidate.atUs ?? Number.NEGATIVE_INFINITY) > (standing.atUs ?? Number.NEGATIVE_INFINITY)
    );
  return candidate.hash > standing.hash;
}

export function beatsObject(
  candidate: { atUs: number; hash: string },
  standing: { atUs: number; hash: string },
): boolean {
  if (candidate.atUs !== standing.atUs) return candidate.atUs > standing.atUs;
  return candidate.hash > standing.hash;
}

export const eventKey = (event: { sessionId: string; threadId: string; id: string }) =>
  `${event.sessionId}\n${event.threadId}\n${event.id}`;

/** Groups a request by session; sessions come in the order in which they are locked. */
export function groupBatch(
  events: readonly EventRecord[],
  objects: readonly ObjectRecord[],
): Grouped {
  const sessions = new Map<string, SessionBatch>();
  const loose = new Map<string, ObjectRecord>();
  const best = new Map<string, EventRecord>();
  let repeated = 0;
  const batchOf = (sessionId: string) => {
    const known = sessions.get(sessionId);
    if (known) return known;
    const made: SessionBatch = { sessionId, events: [], session: null, threads: new Map() };
    sessions.set(sessionId, made);
    return made;
  };
  for (const event of events) {
    const key = eventKey(event);
    const standing = best.get(key);
    if (standing) repeated++;
    if (!standing || beatsEvent(event, standing)) best.set(key, event);
  }
  for (const event of best.values()) batchOf(event.sessionId).events.push(event);
  for (const object of objects) {
    const slot = slotOf(object, batchOf, loose);
    const standing = slot.get();
    if (standing) repeated++;
    if (!standing || beatsObject(object, standing)) slot.set(object);
  }
  const looseOf = (kind: string) => [...loose.values()].filter((object) => object.kind === kind);
  return {
    sessions: [...sessions.values()].sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1)),
    agents: looseOf("agent"),
    environments: looseOf("environment"),
    repeated,
  };
}

type Slot = { get(): ObjectRecord | null; set(object: ObjectRecord): void };

function slotOf(
  object: ObjectRecord,
  batchOf: (sessionId: string) => SessionBatch,
  loose: Map<string, ObjectRecord>,
): Slot {
  if (object.kind === "session") {
    const batch = batchOf(object.sessionId);
    return {
      get: () => batch.session,
      set: (best) => {
        batch.session = best;
      },
    };
  }
  const map = object.kind === "thread" ? batchOf(object.sessionId).threads : loose;
  const key = object.kind === "thread" ? object.id : `${object.kind}:${object.id}`;
  return { get: () => map.get(key) ?? null, set: (best) => void map.set(key, best) };
}

/** Threads whose fold an event can touch. */
export function threadsOfEvent(event: EventRecord): string[] {
  const copied = copiedFrom(event);
  const created =
    event.type === "session.thread_created" ? textOf(event.payload.session_thread_id) : null;
  return [event.threadId, ...(copied ? [copied] : []), ...(created ? [created] : [])];
}
