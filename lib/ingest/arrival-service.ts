import { readBook, readBookNamed } from "@/lib/costs/prices-store";
import type { PriceBook } from "@/lib/costs/schema";
import type { Db } from "@/lib/db/client";
import type { Promotion, Rolled } from "@/lib/metrics/schema";
import { FOLD_VERSION } from "@/lib/sessions/fold-version";
import type { Source } from "@/lib/sessions/schema";
import { isQueued } from "./base";
import type { GoesOn } from "./base-store";
import { beatsEvent, bestOf, eventKey, type SessionBatch } from "./batch";
import { canonicalJson } from "./canonical";
import { type Days, moveToPrimary, readStoredEvents, type StoredEvent } from "./event-store";
import { hashOf } from "./normalize";
import type { EventRecord, JsonObject, Origin } from "./schema";
import { newSessionFacts, newSessionFold, type SessionFacts, type SessionFold } from "./state";
import { claimSessions, type StoredSession } from "./store";
import { knowsThread, setLateAside, wakeThose } from "./wake-service";

/** One session of a batch while it is worked on: what is stored, what came, what becomes of it. */
export type SessionWork = {
  sessionId: string;
  day: string;
  source: Source;
  storedTitle: string | null;
  batch: SessionBatch;
  object: JsonObject | null;
  fold: SessionFold;
  facts: SessionFacts;
  /** What the rollups hold of it, and the promoted keys they have it under. */
  rolled: Rolled | null;
  promotions: readonly Promotion[];
  /** Events new to the fold. */
  fresh: EventRecord[];
  /** An event's content changed: nothing can be taken back from a fold, so it is done again from the events. */
  mustRefold: boolean;
  /** What it is priced with, and whether it was priced with another so far: any change prices it anew. */
  book: PriceBook;
  hasOtherPrices: boolean;
  isNew: boolean;
  isChanged: boolean;
  /** Nothing of what it said is stored any more: what comes now is the first again. */
  isBare: boolean;
  hasWithheld: boolean;
  /** Its events up to an instant are dropped: what belongs to them is late, and not taken in. */
  goesOn: GoesOn | null;
  late: EventRecord[];
  /** What became of what came. */
  counts: Counts;
};

export type Counts = { accepted: number; duplicates: number; updated: number };
export const noCounts = (): Counts => ({ accepted: 0, duplicates: 0, updated: 0 });

/** Locks the batch's sessions and reads what is stored of them, without those that take nothing in any more. */
export async function loadSessions(
  db: Db,
  origin: Origin,
  batches: readonly SessionBatch[],
  today: string,
): Promise<SessionWork[]> {
  if (batches.length === 0) return [];
  const byId = new Map(batches.map((batch) => [batch.sessionId, batch]));
  const claimed = await claimSessions(db, origin, [...byId.keys()], today);
  const stored = await wakeThose(db, origin, claimed, { byId, today });
  const current = await readBook(db, origin.workspace, stored[0]?.prices ?? null);
  const batchOf = ({ sessionId }: StoredSession) => byId.get(sessionId);
  const books = await ownBooks(
    db,
    origin,
    stored.filter((session) => !hasNews(batchOf(session))),
    current,
  );
  return stored.flatMap((session) => {
    const batch = batchOf(session);
    if (!batch) return [];
    const book = hasNews(batch) ? current : (books.get(session.priceBook) ?? current);
    const isAwake = session.sealed === null;
    const isOutdated = isAwake && session.fold !== null && session.foldVersion !== FOLD_VERSION;
    return {
      sessionId: session.sessionId,
      day: session.day,
      source: session.source,
      storedTitle: session.title,
      batch,
      object: session.object,
      fold: isOutdated ? newSessionFold() : (session.fold?.session ?? newSessionFold()),
      facts: session.fold?.facts ?? newSessionFacts(),
      ...{ rolled: session.rolled, promotions: session.promotions },
      fresh: [],
      mustRefold: isOutdated,
      book,
      hasOtherPrices: session.fold !== null && session.priceBook !== book.version,
      isNew: session.fold === null,
      isChanged: session.fold === null || isOutdated || !isAwake,
      ...{ isBare: session.isBare, hasWithheld: session.hasWithheld },
      ...{ goesOn: session.goesOn, late: [], counts: noCounts() },
    };
  });
}

export const hasNews = (batch: SessionBatch | undefined) =>
  batch !== undefined && batch.events.length + batch.versions.length + batch.threads.size > 0;

/** By name, the books other than the current that sessions have: one that is only folded anew keeps its own. */
async function ownBooks(
  db: Db,
  { workspace }: Origin,
  stored: readonly StoredSession[],
  current: PriceBook,
): Promise<Map<string, PriceBook>> {
  const books = new Map<string, PriceBook>();
  for (const name of new Set(stored.map(({ priceBook }) => priceBook))) {
    if (name === "" || name === current.version) continue;
    const book = await readBookNamed(db, workspace, name);
    if (book) books.set(name, book);
  }
  return books;
}

export type Arrivals = { fresh: EventRecord[]; changed: EventRecord[] };

/** Tells new events from better versions of known ones and from those that are here already. */
export async function sortArrivals(
  db: Db,
  origin: Origin,
  days: Days,
  works: readonly SessionWork[],
): Promise<Arrivals> {
  for (const work of works) {
    work.counts.duplicates += await adoptPrimary(db, origin, work);
    await setLateAside(db, origin, work);
  }
  // Of a session that this very transaction has made, nothing can be stored yet.
  const events = works.filter((work) => !work.isNew).flatMap((work) => work.batch.events);
  const arrivals: Arrivals = { fresh: [], changed: [] };
  const stored = new Map(
    (await readStoredEvents(db, origin, days, events)).map((event) => [eventKey(event), event]),
  );
  for (const work of works) {
    for (const event of work.batch.events) {
      const standing = stored.get(eventKey(event));
      if (!standing) {
        work.counts.accepted++;
        arrivals.fresh.push(event);
        work.fresh.push(event);
        if (!isQueued(work.goesOn?.queued ?? [], event)) work.fold.events++;
      } else if (beatsEvent(event, standing)) {
        work.counts.updated++;
        arrivals.changed.push(event);
        if (isQueuedVersion(event, standing)) work.fresh.push(event);
        else work.mustRefold = true;
      } else {
        work.counts.duplicates++;
      }
    }
    if (work.fresh.length > 0 || work.mustRefold) work.isChanged = true;
  }
  return arrivals;
}

/**
 * True when the stored event is the same, still queued: only `processed_at` was missing. The fold has
 * seen it without a time and adds the time now; any other change cannot be taken back from it.
 */
function isQueuedVersion(event: EventRecord, standing: StoredEvent): boolean {
  if (standing.atUs !== null || event.atUs === null) return false;
  const { processed_at, ...rest } = event.payload;
  return [rest, { ...rest, processed_at: null }].some(
    (queued) => hashOf(canonicalJson(queued) ?? "") === standing.hash,
  );
}

/**
 * The primary thread goes by '' here, also where a sender names it by its id. What was stored under
 * that id before anybody said that it is the primary's moves over, and the session is folded again.
 * Returns how many of the batch's events turn out to be there twice.
 */
async function adoptPrimary(db: Db, origin: Origin, work: SessionWork): Promise<number> {
  const { facts } = work;
  if (facts.primaryThreadId === null) {
    const object = [...work.batch.threads.values()].find(
      (thread) => thread.payload.parent_thread_id === null,
    );
    // Where its events are dropped they cannot move over: it stays a thread of its own.
    if (!object || (await knowsThread(db, origin, work, object.id))) return 0;
    facts.primaryThreadId = object.id;
    const key = { sessionId: work.sessionId, day: work.day, threadId: object.id };
    const moved = work.isNew ? null : await moveToPrimary(db, origin, key);
    if (moved !== null) {
      work.fold.events = moved;
      work.mustRefold = true;
    }
  }
  const primary = facts.primaryThreadId;
  if (!work.batch.events.some((event) => event.threadId === primary)) return 0;
  for (const event of work.batch.events) if (event.threadId === primary) event.threadId = "";
  const { length } = work.batch.events;
  work.batch.events = bestOf(work.batch.events);
  return length - work.batch.events.length;
}
