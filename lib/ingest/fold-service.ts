import type { Db } from "@/lib/db/client";
import { type SessionWork, takeSessionObject } from "./arrival-service";
import { canonicalJson } from "./canonical";
import {
  type Contribution,
  differenceOf,
  mustCountAnew,
  type Told,
  toldOf,
  wholeOf,
} from "./contributions";
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
import { openSpans } from "./lifecycle-spans";
import {
  allSpans,
  allThreadPrices,
  loadOthers,
  loadThreads,
  type Records,
  readLinked,
  readSome,
  type Stored,
} from "./load-service";
import { openCallsOf } from "./outcome";
import type { EventRecord, Origin, Span } from "./schema";
import { readLifecycleSpans, type SessionSpans } from "./span-store";
import type { SessionWrite } from "./store";
import { summarize } from "./summary";
import { readAllThreads, type ThreadRow } from "./thread-store";
import {
  isUsed,
  newThreadRecord,
  pricesOf,
  takeThreadObject,
  threadColumns,
  threadPricing,
} from "./threads";

/** What folding a batch has to leave in the database. */
export type Folded = {
  spans: SessionSpans[];
  goneSpans: Array<{ sessionId: string; ids: string[] }>;
  threads: ThreadRow[];
  goneThreads: Array<{ sessionId: string; ids: string[] }>;
  sessions: SessionWrite[];
  /** Sessions whose spans are all made anew. */
  refolded: Array<{ sessionId: string; day: string }>;
  contributions: Contribution[];
};

type Counts = { accepted: number; duplicates: number; updated: number };

/** Where one batch's folding reads and counts. */
type Bench = Stored & { counts: Counts; folded: Folded };

/**
 * Folds what came into each session: loads the spans and threads it can touch, folds, and says what
 * has to be written. The events themselves must be stored already.
 */
export async function foldSessions(
  db: Db,
  origin: Origin,
  days: Days,
  works: readonly SessionWork[],
  counts: Counts,
): Promise<Folded> {
  const folded: Folded = {
    ...{ spans: [], goneSpans: [], threads: [], goneThreads: [] },
    ...{ sessions: [], refolded: [], contributions: [] },
  };
  const bench: Bench = { db, origin, days, counts, folded };
  for (const work of works)
    for (const version of work.batch.versions)
      countObject(counts, takeSessionObject(work, version));
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
  takeThreadObjects(bench, work, records);
  if (!work.isChanged) return;
  if (work.hasOtherPrices) {
    await loadAllThreads(bench, work, records);
    await deriveAnew(bench, work, records);
    return;
  }
  const threads = threadFolds(records);
  const open = [...threads].flatMap(([id, { life }]) => (id === "" ? [] : openSpans(life, id)));
  const folding = beginFolding(work, threads, [...stored, ...openSpans(work.fold.life), ...open]);
  const history = new Map<string, EventRecord[]>();
  for (const threadId of threadsToRederive(folding, work.fresh)) {
    const key = { sessionId: work.sessionId, day: work.day, threadId };
    const past = await readLifecycleEvents(bench.db, bench.origin, key);
    const old = await readLifecycleSpans(bench.db, bench.origin, key);
    history.set(threadId, past);
    addStored(folding, old);
    addStored(folding, await readSome(bench, work, callsInHistory(old, past)));
  }
  // A span that only history leads to may be another thread's.
  for (const record of await loadOthers(bench, work, folding.stored.values(), records)) {
    applyThread(work.fold, record.fold.thread, threadPricing(record), -1);
    records.set(record.threadId, record);
    folding.threads.set(record.threadId, record.fold.thread);
  }
  foldEvents(folding, work.fresh, history);
  const { told, changes, session } = collect(bench, work, folding, records);
  const repriced = pricesOf(used, records, told.pricing) !== before;
  if (work.rolled && !repriced && !mustCountAnew(work.rolled, told.pricing)) {
    const spans = { stored: folding.stored, ...changes };
    finish(bench, session, differenceOf(told, work.rolled, spans));
    return;
  }
  const prices = new Map(await allThreadPrices(bench, work, told.threads));
  const spans = await allSpans(bench, work, folding);
  finish(bench, session, wholeOf({ ...told, threads: prices }, work.rolled, spans));
}

/** A change that cannot be taken back from the fold: everything is derived again from the stored events. */
async function refold(bench: Bench, work: SessionWork, records: Records): Promise<void> {
  await loadAllThreads(bench, work, records);
  takeThreadObjects(bench, work, records);
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
  const folding = foldAll(await readEvents(db, origin, work), [...records.keys()], work.book);
  work.fold = folding.session;
  folded.refolded.push({ sessionId: work.sessionId, day: work.day });
  const ids = gone.map((record) => record.threadId);
  folded.goneThreads.push({ sessionId: work.sessionId, ids });
  const { told, session } = collect(bench, work, folding, records);
  finish(bench, session, wholeOf(told, work.rolled, folding.spans.values()));
}

function takeThreadObjects(bench: Bench, work: SessionWork, records: Records): void {
  for (const object of work.batch.threads.values()) {
    const threadId = object.id === work.facts.primaryThreadId ? "" : object.id;
    const known = records.get(threadId);
    const record = known ?? newThreadRecord(work.sessionId, threadId);
    const taken = takeThreadObject(record, object);
    countObject(bench.counts, taken);
    if (!known && threadId !== "") work.fold.threads++;
    records.set(threadId, record);
    if (taken !== "same") work.isChanged = true;
  }
}

/** Puts spans and threads of a folded session on the list of what is to be written, and tells the rest. */
function collect(
  { folded }: Bench,
  work: SessionWork,
  folding: Folding,
  records: Records,
): { told: Told; changes: Changes; session: Unrolled } {
  const { sessionId } = work;
  for (const [threadId, thread] of folding.threads) {
    const record = records.get(threadId) ?? newThreadRecord(sessionId, threadId);
    record.fold.thread = thread;
    records.set(threadId, record);
  }
  for (const record of records.values()) {
    applyThread(work.fold, record.fold.thread, threadPricing(record), 1);
    folded.threads.push({ ...record, columns: threadColumns(record) });
  }
  const changes = changesOf(folding);
  folded.spans.push({ sessionId, spans: changes.changed });
  folded.goneSpans.push({ sessionId, ids: changes.gone });
  const { fold, facts, object, source, book } = work;
  const wait = fold.life.wait ? folding.spans.get(fold.life.wait.id) : undefined;
  const openCalls = openCallsOf(wait, folding.spans);
  const columns = summarize({ fold, facts, object, source, book, openCalls });
  const session = { sessionId, object, fold: { session: fold, facts }, columns };
  const told = toldOf(work, columns, records.values());
  return { told, changes, session };
}

type Unrolled = Omit<SessionWrite, "rolled">;

function finish({ folded }: Bench, session: Unrolled, contribution: Contribution): void {
  folded.sessions.push({ ...session, rolled: contribution.rolled });
  folded.contributions.push(contribution);
}

type Changes = { changed: Span[]; gone: string[] };

function changesOf(folding: Folding): Changes {
  const changed = [...folding.spans.values()].filter((span) => {
    const before = folding.stored.get(span.id);
    return !before || canonicalJson(before) !== canonicalJson(span);
  });
  return { changed, gone: [...folding.stored.keys()].filter((id) => !folding.spans.has(id)) };
}

function threadFolds(records: Records): Folding["threads"] {
  return new Map([...records].map(([threadId, record]) => [threadId, record.fold.thread]));
}

function countObject(counts: Counts, taken: "new" | "newer" | "same"): void {
  if (taken === "new") counts.accepted++;
  else if (taken === "newer") counts.updated++;
  else counts.duplicates++;
}
