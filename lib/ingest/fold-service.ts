import type { Db } from "@/lib/db/client";
import type { SessionWork } from "./arrival-service";
import { foldOn, isSettled } from "./base";
import { readBase, readSettledCells } from "./base-store";
import { differenceOf, mustCountAnew, wholeOf } from "./contributions";
import { type Days, readEvents, readLifecycleEvents } from "./event-store";
import {
  addStored,
  applyThread,
  beginFolding,
  callsInHistory,
  type Folding,
  foldAll,
  foldEvents,
  threadsToRederive,
} from "./fold";
import { collect, type Folded, finish } from "./folded";
import { openSpans } from "./lifecycle-spans";
import {
  allSpans,
  allThreadPrices,
  loadOthers,
  loadThreads,
  type Records,
  readAnswered,
  readLinked,
  readSome,
  type Stored,
} from "./load-service";
import type { EventRecord, Origin, Span } from "./schema";
import { takeSessionObject } from "./session-object";
import { readLifecycleSpans, readSessionSpans } from "./span-store";
import { readAllThreads } from "./thread-store";
import { isUsed, newThreadRecord, pricesOf, takeThreadObject, threadPricing } from "./threads";

/** Where one batch's folding reads, and what it comes to. */
type Bench = Stored & { folded: Folded };

/**
 * Folds what came into each session: loads the spans and threads it can touch, folds, and says what
 * has to be written. The events themselves must be stored already.
 */
export async function foldSessions(
  db: Db,
  origin: Origin,
  days: Days,
  works: readonly SessionWork[],
): Promise<Folded> {
  const folded: Folded = {
    ...{ spans: [], goneSpans: [], threads: [], goneThreads: [] },
    ...{ sessions: [], refolded: [], contributions: [] },
  };
  const bench: Bench = { db, origin, days, folded };
  for (const work of works)
    for (const version of work.batch.versions) countObject(work, takeSessionObject(work, version));
  const spans = await readLinked(bench, works);
  const threads = await loadThreads(bench, works, spans);
  for (const work of works) {
    const records: Records = threads.get(work.sessionId) ?? new Map();
    if (work.mustRefold) await refold(bench, work, records);
    else await append(bench, work, records, spans.get(work.sessionId) ?? []);
  }
  return folded;
}

/** Only what is new is folded. Threads with a late event have their turns derived anew. */
async function append(
  bench: Bench,
  work: SessionWork,
  records: Records,
  stored: readonly Span[],
): Promise<void> {
  for (const record of records.values())
    applyThread(work.fold, record.fold.thread, threadPricing(record), -1);
  const used = [...records.keys()].filter((threadId) => isUsed(records.get(threadId)));
  const before = pricesOf(used, records, work.rolled?.pricing);
  takeThreadObjects(work, records);
  if (!work.isChanged) return;
  if (work.hasOtherPrices) {
    await loadAllThreads(bench, work, records);
    await deriveAnew(bench, work, records);
    return;
  }
  const threads = threadFolds(records);
  const open = [...threads].flatMap(([id, { life }]) => (id === "" ? [] : openSpans(life, id)));
  const folding = beginFolding(work, threads, [...stored, ...openSpans(work.fold.life), ...open]);
  const { history, base } = await readHistory(bench, work, folding);
  // A span that only history leads to may be another thread's.
  for (const record of await loadOthers(bench, work, folding.stored.values(), records)) {
    applyThread(work.fold, record.fold.thread, threadPricing(record), -1);
    records.set(record.threadId, record);
    folding.threads.set(record.threadId, record.fold.thread);
  }
  folding.answered = await readAnswered(bench, work, [
    ...work.fresh,
    ...[...history.values()].flat(),
  ]);
  foldEvents(folding, work.fresh, history, base);
  const { told, changes, session } = collect(bench, work, folding, records);
  const repriced = pricesOf(used, records, told.pricing) !== before;
  if (work.rolled && !repriced && !mustCountAnew(work.rolled, told.pricing)) {
    const spans = { stored: folding.stored, ...changes };
    finish(bench, session, differenceOf(told, work.rolled, spans));
    return;
  }
  const prices = new Map(await allThreadPrices(bench, work, told.threads));
  const spans = await allSpans(bench, work, folding);
  const settled = await readSettledCells(bench.db, bench.origin, work);
  finish(bench, session, wholeOf({ ...told, threads: prices }, work.rolled, spans, settled));
}

/** All that threads with a late event have their turns derived from, and the base where that begins. */
async function readHistory(bench: Bench, work: SessionWork, folding: Folding) {
  const { db, origin } = bench;
  const history = new Map<string, EventRecord[]>();
  const threads = threadsToRederive(folding, work.fresh);
  const base = threads.size === 0 ? null : await readBase(db, origin, work);
  for (const threadId of threads) {
    const key = { sessionId: work.sessionId, day: work.day, threadId };
    const past = await readLifecycleEvents(db, origin, key);
    const all = await readLifecycleSpans(db, origin, key);
    const old = base === null ? all : all.filter((span) => !isSettled(base, span));
    history.set(threadId, past);
    addStored(folding, old);
    addStored(folding, await readSome(bench, work, callsInHistory(old, past)));
  }
  return { history, base };
}

/** A change that cannot be taken back from the fold: everything is derived again from the stored events. */
async function refold(bench: Bench, work: SessionWork, records: Records): Promise<void> {
  await loadAllThreads(bench, work, records);
  takeThreadObjects(work, records);
  await deriveAnew(bench, work, records);
}

async function loadAllThreads(
  { db, origin }: Bench,
  { sessionId }: SessionWork,
  records: Records,
): Promise<void> {
  for (const record of await readAllThreads(db, origin, sessionId))
    if (!records.has(record.threadId)) records.set(record.threadId, record);
}

async function deriveAnew(bench: Bench, work: SessionWork, records: Records): Promise<void> {
  const { db, origin, folded } = bench;
  const gone = [...records.values()].filter((record) => record.object === null);
  for (const { threadId } of gone) records.delete(threadId);
  const folding = await foldWhole(bench, work, [...records.keys()]);
  work.fold = folding.session;
  if (!work.goesOn) folded.refolded.push({ sessionId: work.sessionId, day: work.day });
  const ids = gone.map((record) => record.threadId);
  folded.goneThreads.push({ sessionId: work.sessionId, ids });
  const { told, session } = collect(bench, work, folding, records);
  const settled = await readSettledCells(db, origin, work);
  finish(bench, session, wholeOf(told, work.rolled, folding.spans.values(), settled));
}

/** A session from all events that are stored: from its beginning, or from where it goes on. */
async function foldWhole(bench: Bench, work: SessionWork, described: string[]): Promise<Folding> {
  const { db, origin } = bench;
  const { book } = work;
  const events = await readEvents(db, origin, work);
  const base = await readBase(db, origin, work);
  if (base === null) return foldAll(events, described, book);
  const answered = await readAnswered(bench, work, events);
  const folding = foldOn(base, events, described, { book, answered });
  // What is stored is compared with what has come out; it is in no sum.
  const stored = await readSessionSpans(db, origin, work);
  const changeable = stored.filter((span) => !isSettled(base, span));
  folding.stored = new Map(changeable.map((span) => [span.id, span]));
  return folding;
}

function takeThreadObjects(work: SessionWork, records: Records): void {
  for (const object of work.batch.threads.values()) {
    const threadId = object.id === work.facts.primaryThreadId ? "" : object.id;
    const known = records.get(threadId);
    const record = known ?? newThreadRecord(work.sessionId, threadId);
    const taken = takeThreadObject(record, object);
    countObject(work, taken);
    if (!known && threadId !== "") work.fold.threads++;
    records.set(threadId, record);
    if (taken !== "same") work.isChanged = true;
  }
}

function threadFolds(records: Records): Folding["threads"] {
  return new Map([...records].map(([threadId, record]) => [threadId, record.fold.thread]));
}

function countObject({ counts }: SessionWork, taken: "new" | "newer" | "same"): void {
  if (taken === "new") counts.accepted++;
  else if (taken === "newer") counts.updated++;
  else counts.duplicates++;
}
