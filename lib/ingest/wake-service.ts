import type { Db } from "@/lib/db/client";
import type { SessionWork } from "./arrival-service";
import { readBase, readSettled, wakeSessions } from "./base-store";
import { beatsObject, type SessionBatch } from "./batch";
import type { EventRecord, Origin } from "./schema";
import { takeSessionObject } from "./session-object";
import { writeSpans } from "./span-store";
import { calledTool, workSpan } from "./spans";
import type { StoredSession, StoredThread } from "./store";
import { readThreads } from "./thread-store";

/**
 * Of claimed sessions, those that take something in: all that are not sealed, and sealed ones that there
 * is news of, which are woken. Their rows begin anew today, with the spans that are still open.
 */
export async function wakeThose<S extends StoredSession>(
  db: Db,
  origin: Origin,
  claimed: S[],
  { byId, today }: { byId: ReadonlyMap<string, SessionBatch>; today: string },
): Promise<S[]> {
  const sleeping = claimed.filter(({ sealed }) => sealed !== null);
  if (sleeping.length === 0) return claimed;
  const threads = await threadsIn(db, origin, sleeping, byId);
  const woken = sleeping.filter((session) =>
    isNews(session, byId.get(session.sessionId), threads.get(session.sessionId) ?? []),
  );
  const rows = woken.map(({ sessionId, day, sealed }) => ({
    ...{ sessionId, day, hasSpans: sealed?.hasSpans === true },
  }));
  await wakeSessions(db, origin, rows, today);
  const days = new Map(woken.map(({ sessionId }) => [sessionId, today]));
  for (const session of woken) {
    const { sessionId } = session;
    session.day = today;
    const base = session.sealed?.hasSpans ? null : await readBase(db, origin, session);
    if (base) await writeSpans(db, origin, days, [{ sessionId, spans: base.open }]);
  }
  return claimed.filter((session) => session.sealed === null || woken.includes(session));
}

/** The threads whose objects came, as they are stored, by session. */
async function threadsIn(
  db: Db,
  origin: Origin,
  sleeping: readonly StoredSession[],
  byId: ReadonlyMap<string, SessionBatch>,
): Promise<Map<string, StoredThread[]>> {
  const ids = sleeping.map(({ sessionId, fold }): [string, Set<string>] => {
    const named = [...(byId.get(sessionId)?.threads.keys() ?? [])];
    return [sessionId, new Set(named.map((id) => (id === fold?.facts.primaryThreadId ? "" : id)))];
  });
  const found = new Map<string, StoredThread[]>();
  for (const record of await readThreads(db, origin, new Map(ids)))
    found.set(record.sessionId, [...(found.get(record.sessionId) ?? []), record]);
  return found;
}

/** Whether anything that came is later than the dropped events, or an object that tells something else. */
function isNews(
  { goesOn, fold, object }: StoredSession,
  batch: SessionBatch | undefined,
  threads: readonly StoredThread[],
): boolean {
  if (goesOn === null || fold === null || batch === undefined) return false;
  const { facts } = fold;
  const known = { facts: structuredClone(facts), object, isChanged: false };
  return (
    batch.events.some((event) => isLater(event, goesOn.untilUs)) ||
    batch.versions.some((version) => takeSessionObject(known, version) !== "same") ||
    [...batch.threads.values()].some((thread) => {
      const id = thread.id === facts.primaryThreadId ? "" : thread.id;
      const record = threads.find(({ threadId }) => threadId === id);
      const { objectUs, objectHash } = record?.fold ?? { objectUs: null, objectHash: "" };
      const standing = { atUs: objectUs ?? Number.NEGATIVE_INFINITY, hash: objectHash };
      return beatsObject(thread, standing);
    })
  );
}

/** What has no time yet is not known to be later: it comes again when it has one. */
const isLater = ({ atUs }: EventRecord, untilUs: number) => atUs !== null && atUs > untilUs;

/** Takes out of a batch what belongs to events that are dropped: earlier ones, and those about settled spans. */
export async function setLateAside(db: Db, origin: Origin, work: SessionWork): Promise<void> {
  const { goesOn, batch, sessionId } = work;
  if (goesOn === null || batch.events.length === 0) return;
  const about = batch.events.flatMap((event) => spanOf(event) ?? []);
  const settled = await readSettled(db, origin, sessionId, about);
  const isLate = (event: EventRecord) =>
    !isLater(event, goesOn.untilUs) || settled.has(spanOf(event) ?? "");
  work.late = batch.events.filter(isLate);
  batch.events = batch.events.filter((event) => !isLate(event));
}

const spanOf = (event: EventRecord): string | null =>
  calledTool(event) ?? workSpan(event)?.id ?? null;

/** Whether a session goes on from something that has events of this thread. */
export async function knowsThread(
  db: Db,
  origin: Origin,
  work: SessionWork,
  threadId: string,
): Promise<boolean> {
  const base = await readBase(db, origin, work);
  return base?.threads.some(([id]) => id === threadId) ?? false;
}
