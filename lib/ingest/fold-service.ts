import type { Db } from "@/lib/db/client";
import { type SessionWork, takeSessionObject } from "./arrival-service";
import { threadsOfEvent } from "./batch";
import { canonicalJson } from "./canonical";
import { type Days, readEvents, readLifecycleEvents } from "./event-store";
import {
  addStored,
  applyThread,
  beginFolding,
  callsInHistory,
  type Folding,
  foldAll,
  foldEvents,
  linkedWaits,
  spansToLoad,
  threadsToRederive,
} from "./fold";
import { openCallsOf } from "./outcome";
import type { EventRecord, Origin, Span } from "./schema";
import { readLifecycleSpans, readSpans, type SessionSpans } from "./span-store";
import { FOLD_VERSION } from "./state";
import {
  readAllThreads,
  readThreads,
  type SessionWrite,
  type StoredThread,
  type ThreadRow,
} from "./store";
import { summarize } from "./summary";
import { newThreadRecord, takeThreadObject, threadColumns, threadPricing } from "./threads";

/** What folding a batch has to leave in the database. */
export type Folded = {
  spans: SessionSpans[];
  goneSpans: Array<{ sessionId: string; ids: string[] }>;
  threads: ThreadRow[];
  goneThreads: Array<{ sessionId: string; ids: string[] }>;
  sessions: SessionWrite[];
  /** Sessions whose spans are all made anew. */
  refolded: Array<{ sessionId: string; day: string }>;
};

type Counts = { accepted: number; duplicates: number; updated: number };
type Records = Map<string, StoredThread>;

/** Where one batch's folding reads and counts. */
type Bench = { db: Db; origin: Origin; days: Days; counts: Counts; folded: Folded };

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
    spans: [],
    goneSpans: [],
    threads: [],
    goneThreads: [],
    sessions: [],
    refolded: [],
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
  takeThreadObjects(bench, work, records);
  if (!work.isChanged) return;
  const folding = beginFolding(work.fold, threadFolds(records), stored);
  const history = new Map<string, EventRecord[]>();
  for (const threadId of threadsToRederive(folding, work.fresh)) {
    const key = { sessionId: work.sessionId, day: work.day, threadId };
    const past = await readLifecycleEvents(bench.db, bench.origin, key);
    const old = await readLifecycleSpans(bench.db, bench.origin, key);
    history.set(threadId, past);
    addStored(folding, old);
    addStored(folding, await readSome(bench, work, callsInHistory(old, past)));
  }
  foldEvents(folding, work.fresh, history);
  collect(bench, work, folding, records);
}

/** A change that cannot be taken back from the fold: everything is derived again from the stored events. */
async function refold(bench: Bench, work: SessionWork, records: Records): Promise<void> {
  const { db, origin, folded } = bench;
  for (const record of await readAllThreads(db, origin, work.sessionId))
    if (!records.has(record.threadId)) records.set(record.threadId, record);
  takeThreadObjects(bench, work, records);
  const gone = [...records.values()].filter((record) => record.object === null);
  for (const { threadId } of gone) records.delete(threadId);
  const folding = foldAll(await readEvents(db, origin, work), [...records.keys()]);
  work.fold = folding.session;
  folded.refolded.push({ sessionId: work.sessionId, day: work.day });
  const ids = gone.map((record) => record.threadId);
  folded.goneThreads.push({ sessionId: work.sessionId, ids });
  collect(bench, work, folding, records);
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

/** Puts the results of a folded session on the list of what is to be written. */
function collect(bench: Bench, work: SessionWork, folding: Folding, records: Records): void {
  const { folded } = bench;
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
  folded.spans.push({ sessionId, spans: changedSpans(folding) });
  const ids = [...folding.stored.keys()].filter((id) => !folding.spans.has(id));
  folded.goneSpans.push({ sessionId, ids });
  const { fold, facts, object, source } = work;
  const wait = fold.life.wait ? folding.spans.get(fold.life.wait.id) : undefined;
  const openCalls = openCallsOf(wait, folding.spans);
  folded.sessions.push({
    sessionId,
    object,
    fold: { version: FOLD_VERSION, session: fold, facts },
    columns: summarize({ fold, facts, object, source, openCalls }),
  });
}

function changedSpans(folding: Folding): Span[] {
  return [...folding.spans.values()].filter((span) => {
    const before = folding.stored.get(span.id);
    return !before || canonicalJson(before) !== canonicalJson(span);
  });
}

function threadFolds(records: Records): Folding["threads"] {
  return new Map([...records].map(([threadId, record]) => [threadId, record.fold.thread]));
}

/** The spans the new events can touch, and the waits that name one of them. */
async function readLinked(
  bench: Bench,
  works: readonly SessionWork[],
): Promise<Map<string, Span[]>> {
  const { db, origin, days } = bench;
  const appended = works.filter((work) => !work.mustRefold && !work.isNew);
  const spans = await readSpans(
    db,
    origin,
    days,
    new Map(appended.map((work) => [work.sessionId, spansToLoad(work.fold, work.fresh)])),
  );
  const waits = new Map<string, Set<string>>();
  for (const [sessionId, found] of spans) {
    const linked = linkedWaits(new Map(found.map((span) => [span.id, span])));
    if (linked.size > 0) waits.set(sessionId, linked);
  }
  for (const [sessionId, found] of await readSpans(db, origin, days, waits))
    spans.get(sessionId)?.push(...found);
  return spans;
}

async function readSome(bench: Bench, work: SessionWork, ids: Set<string>): Promise<Span[]> {
  const { db, origin, days } = bench;
  const found = await readSpans(db, origin, days, new Map([[work.sessionId, ids]]));
  return found.get(work.sessionId) ?? [];
}

async function loadThreads(
  bench: Bench,
  works: readonly SessionWork[],
  spans: ReadonlyMap<string, readonly Span[]>,
): Promise<Map<string, Records>> {
  const ids = new Map<string, Set<string>>();
  for (const work of works.filter((each) => !each.isNew)) {
    const threads = new Set(work.fresh.flatMap(threadsOfEvent));
    for (const span of spans.get(work.sessionId) ?? []) threads.add(span.threadId);
    for (const object of work.batch.threads.values())
      threads.add(object.id === work.facts.primaryThreadId ? "" : object.id);
    ids.set(work.sessionId, threads);
  }
  const bySession = new Map<string, Records>();
  for (const record of await readThreads(bench.db, bench.origin, ids)) {
    const records: Records = bySession.get(record.sessionId) ?? new Map();
    records.set(record.threadId, record);
    bySession.set(record.sessionId, records);
  }
  return bySession;
}

function countObject(counts: Counts, taken: "new" | "newer" | "same"): void {
  if (taken === "new") counts.accepted++;
  else if (taken === "newer") counts.updated++;
  else counts.duplicates++;
}

/** Sessions whose title is not the one that is in the search index. */
export function titlesOf(
  works: readonly SessionWork[],
  sessions: readonly SessionWrite[],
): Map<string, string | null> {
  const stored = new Map(works.map((work) => [work.sessionId, work.storedTitle]));
  const titles = new Map<string, string | null>();
  for (const { sessionId, columns } of sessions) {
    const title = typeof columns.title === "string" ? columns.title : null;
    if (title !== (stored.get(sessionId) ?? null)) titles.set(sessionId, title);
  }
  return titles;
}
