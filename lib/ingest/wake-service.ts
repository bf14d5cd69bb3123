import type { Db } from "@/lib/db/client";
import type { SessionWork } from "./arrival-service";
import { readBase, readSettled, wakeSessions } from "./base-store";
import { beatsObject, type SessionBatch } from "./batch";
import type { EventRecord, Origin } from "./schema";
import { writeSpans } from "./span-store";
import { calledTool, workSpan } from "./spans";
import type { StoredSession } from "./store";

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
  const woken = sleeping.filter((session) => isNews(session, byId.get(session.sessionId)));
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

/** Whether anything that came is later than what is known. */
function isNews({ goesOn, fold }: StoredSession, batch: SessionBatch | undefined): boolean {
  if (goesOn === null || fold === null || batch === undefined) return false;
  const { objectUs, objectHash } = fold.facts;
  const standing = { atUs: objectUs ?? Number.NEGATIVE_INFINITY, hash: objectHash };
  return (
    batch.events.some((event) => isLater(event, goesOn.untilUs)) ||
    batch.versions.some((version) => beatsObject(version, standing)) ||
    [...batch.threads.values()].some(({ atUs }) => atUs > goesOn.untilUs)
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
