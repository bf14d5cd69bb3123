import type { EventRecord, ObjectRecord } from "./schema";
import { copiedFrom, textOf } from "./spans";

/** What a request brings for one session, each event and object once, its best version. */
export type SessionBatch = {
  sessionId: string;
  events: EventRecord[];
  /** Every version of the session's object: older ones may hold usage members the newest lacks. */
  versions: ObjectRecord[];
  threads: Map<string, ObjectRecord>;
};

export type Grouped = {
  sessions: SessionBatch[];
  /** The newest of each object that belongs to no session. */
  loose: ObjectRecord[];
  /** Each version of each agent. */
  releases: ObjectRecord[];
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

/** Which version of a result is the best is told when its call is known: until then all of them wait. */
function withBoth(best: EventRecord, other: EventRecord): EventRecord {
  if (!best.withheld || !other.withheld) return best;
  return { ...best, withheld: [...best.withheld, ...other.withheld] };
}

/** Each event once, its best version. */
export function bestOf(events: readonly EventRecord[]): EventRecord[] {
  const best = new Map<string, EventRecord>();
  for (const event of events) {
    const key = eventKey(event);
    const standing = best.get(key);
    const isBetter = !standing || beatsEvent(event, standing);
    const [first, other] = isBetter ? [event, standing] : [standing, event];
    best.set(key, other ? withBoth(first, other) : first);
  }
  return [...best.values()];
}

/** Groups a request by session; sessions come in the order in which they are locked. */
export function groupBatch(
  events: readonly EventRecord[],
  objects: readonly ObjectRecord[],
): Grouped {
  const sessions = new Map<string, SessionBatch>();
  const loose = new Map<string, ObjectRecord>();
  const releases = new Map<string, ObjectRecord>();
  const unique = bestOf(events);
  let repeated = events.length - unique.length;
  const batchOf = (sessionId: string) => {
    const known = sessions.get(sessionId);
    if (known) return known;
    const made: SessionBatch = { sessionId, events: [], versions: [], threads: new Map() };
    sessions.set(sessionId, made);
    return made;
  };
  for (const event of unique) batchOf(event.sessionId).events.push(event);
  for (const object of objects) {
    if (object.kind === "session") {
      const { versions } = batchOf(object.sessionId);
      if (versions.some((version) => version.hash === object.hash)) repeated++;
      else versions.push(object);
      continue;
    }
    if (object.kind === "thread") {
      if (!keepBest(batchOf(object.sessionId).threads, object.id, object)) repeated++;
      continue;
    }
    const isFirst = keepBest(loose, `${object.kind}:${object.id}`, object);
    const version = `${object.id}:${object.payload.version}`;
    const isNew = object.kind === "agent" ? keepBest(releases, version, object) : isFirst;
    if (!isNew) repeated++;
  }
  return {
    sessions: [...sessions.values()].sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1)),
    loose: [...loose.values()],
    releases: [...releases.values()],
    repeated,
  };
}

/** True for the first of its key. */
function keepBest(best: Map<string, ObjectRecord>, key: string, object: ObjectRecord): boolean {
  const standing = best.get(key);
  if (!standing || beatsVersion(object, standing)) best.set(key, object);
  return standing === undefined;
}

/** Versions of an agent may all say when the agent was last changed: the higher one stands then. */
function beatsVersion(candidate: ObjectRecord, standing: ObjectRecord): boolean {
  const [mine, theirs] = [candidate, standing].map(({ payload }) => Number(payload.version));
  const isTie = candidate.kind === "agent" && candidate.atUs === standing.atUs;
  if (isTie && mine !== theirs && mine !== undefined && theirs !== undefined) return mine > theirs;
  return beatsObject(candidate, standing);
}

/** Threads whose fold an event can touch. */
export function threadsOfEvent(event: EventRecord): string[] {
  const copied = copiedFrom(event);
  const created =
    event.type === "session.thread_created" ? textOf(event.payload.session_thread_id) : null;
  return [event.threadId, ...(copied ? [copied] : []), ...(created ? [created] : [])];
}
