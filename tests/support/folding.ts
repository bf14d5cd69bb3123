import { expect } from "vitest";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { noCounts, type SessionWork } from "@/lib/ingest/arrival-service";
import { beatsEvent, eventKey, groupBatch } from "@/lib/ingest/batch";
import { canonicalJson } from "@/lib/ingest/canonical";
import { isOrdered } from "@/lib/ingest/event-types";
import {
  addStored,
  applyThread,
  beginFolding,
  callsInHistory,
  type Folding,
  foldAll,
  foldEvents,
  inOrder,
  linkedWaits,
  spansToLoad,
  threadsToRederive,
} from "@/lib/ingest/fold";
import { LIFECYCLE_KINDS } from "@/lib/ingest/lifecycle-spans";
import { normalizeItem } from "@/lib/ingest/normalize";
import { openCallsOf } from "@/lib/ingest/outcome";
import type { EventRecord, ObjectRecord, Span } from "@/lib/ingest/schema";
import { takeSessionObject } from "@/lib/ingest/session-object";
import { newSessionFacts, newSessionFold } from "@/lib/ingest/state";
import type { StoredThread } from "@/lib/ingest/store";
import { type SessionRow, summarize } from "@/lib/ingest/summary";
import { newThreadRecord, takeThreadObject, threadPricing } from "@/lib/ingest/threads";
import type { Source } from "@/lib/sessions/schema";
import type { SoupItem } from "./event-soup";
import { SESSION } from "./events";

/** What folding leaves behind: the session's row, its spans by id, and the events that are stored. */
export type FoldedSession = {
  row: SessionRow;
  spans: Record<string, Span>;
  events: EventRecord[];
};

/** One session in memory, in the place of the database: everything is stored as JSON, as there. */
type Bench = {
  work: SessionWork;
  row: SessionRow;
  events: Map<string, EventRecord>;
  spans: Map<string, Span>;
  threads: Map<string, StoredThread>;
};

/**
 * Folds one session's items, and again each alone and backwards: a row or span that depends on the
 * order of arrival fails every test that uses it.
 */
export function fold(...items: SoupItem[]): FoldedSession {
  const folded = foldBatches([items]);
  const backwards = foldBatches([...items].reverse().map((item) => [item]));
  expect(backwards).toEqual(folded);
  return folded;
}

/** Folds batch after batch the way `lib/ingest/fold-service.ts` does, loading only what it would load. */
export function foldBatches(
  batches: readonly (readonly SoupItem[])[],
  source: Source = "push",
): FoldedSession {
  const bench: Bench = {
    work: newWork(source, sessionOf(batches.flat())),
    row: {},
    events: new Map(),
    spans: new Map(),
    threads: new Map(),
  };
  for (const batch of batches) takeBatch(bench, batch);
  return {
    row: bench.row,
    spans: Object.fromEntries([...bench.spans].sort(([a], [b]) => (a < b ? -1 : 1))),
    events: [...bench.events.values()].sort(
      (a, b) => inOrder(a, b) || (a.threadId < b.threadId ? -1 : 1),
    ),
  };
}

/** The session an object among the items names, else the one that `events.ts` builds for. */
function sessionOf(items: readonly SoupItem[]): string {
  const object = items.find((item) => item.kind === "session")?.data;
  return (object as { id?: string } | undefined)?.id ?? SESSION;
}

function newWork(source: Source, sessionId: string): SessionWork {
  return {
    sessionId,
    day: "2026-11-20",
    source,
    storedTitle: null,
    batch: { sessionId, events: [], versions: [], threads: new Map() },
    object: null,
    fold: newSessionFold(),
    facts: newSessionFacts(),
    ...{ rolled: null, promotions: [] },
    fresh: [],
    mustRefold: false,
    book: PRICE_BOOK,
    hasOtherPrices: false,
    isNew: true,
    isChanged: true,
    isBare: false,
    hasWithheld: false,
    ...{ goesOn: null, late: [], counts: noCounts() },
  };
}

function takeBatch(bench: Bench, items: readonly SoupItem[]): void {
  const { work } = bench;
  work.fold = asStored(work.fold);
  work.fresh = [];
  work.mustRefold = false;
  const { events, objects } = recordsOf(items, work.sessionId);
  const batch = groupBatch(events, objects).sessions[0];
  if (!batch) return;
  work.batch = batch;
  for (const version of batch.versions) takeSessionObject(work, version);
  adoptPrimary(bench);
  for (const event of batch.events) takeEvent(bench, event);
  const before = [...bench.threads.values()].map(asStored);
  for (const record of before)
    applyThread(work.fold, record.fold.thread, threadPricing(record), -1);
  takeThreadObjects(bench);
  const folding = work.mustRefold ? refolded(bench) : appended(bench);
  store(bench, folding);
}

function recordsOf(items: readonly SoupItem[], sessionId: string) {
  const events: EventRecord[] = [];
  const objects: ObjectRecord[] = [];
  for (const item of items) {
    const read = normalizeItem({ ...item, index: 0, sessionId });
    if (read.kind === "event") events.push(asStored(read.event));
    else if (read.kind === "object") objects.push(read.object);
    else throw new Error(read.rejection.message);
  }
  return { events, objects };
}

function adoptPrimary({ work, events }: Bench): void {
  const { facts, batch } = work;
  const object = [...batch.threads.values()].find((one) => one.payload.parent_thread_id === null);
  facts.primaryThreadId ??= object?.id ?? null;
  const primary = facts.primaryThreadId;
  for (const event of batch.events) if (event.threadId === primary) event.threadId = "";
  for (const [key, event] of events) {
    if (event.threadId !== primary) continue;
    events.delete(key);
    event.threadId = "";
    events.set(eventKey(event), event);
    work.mustRefold = true;
  }
  work.fold.events = events.size;
}

function takeEvent({ work, events }: Bench, event: EventRecord): void {
  const standing = events.get(eventKey(event));
  if (standing && !beatsEvent(event, standing)) return;
  events.set(eventKey(event), event);
  work.fold.events = events.size;
  if (!standing || isQueued(standing, event)) work.fresh.push(event);
  else work.mustRefold = true;
}

function isQueued(standing: EventRecord, event: EventRecord): boolean {
  const textOf = ({ payload }: EventRecord) => canonicalJson({ ...payload, processed_at: null });
  return standing.atUs === null && event.atUs !== null && textOf(standing) === textOf(event);
}

function takeThreadObjects({ work, threads }: Bench): void {
  for (const object of work.batch.threads.values()) {
    const threadId = object.id === work.facts.primaryThreadId ? "" : object.id;
    const known = threads.get(threadId);
    const record = known ?? newThreadRecord(work.sessionId, threadId);
    takeThreadObject(record, object);
    if (!known && threadId !== "") work.fold.threads++;
    threads.set(threadId, record);
  }
}

function appended({ work, events, spans, threads }: Bench): Folding {
  const pick = (ids: Iterable<string>) =>
    [...ids].flatMap((id) => asStored(spans.get(id) ?? null) ?? []);
  const loaded = pick(spansToLoad(work.fold, work.fresh));
  const waits = pick(linkedWaits(new Map(loaded.map((span) => [span.id, span]))));
  const folding = beginFolding(work, threadFolds(threads), [...loaded, ...waits]);
  const history = new Map<string, EventRecord[]>();
  for (const threadId of threadsToRederive(folding, work.fresh)) {
    const past = [...events.values()].filter(
      (event) => event.threadId === threadId && event.atUs !== null && isOrdered(event),
    );
    const old = [...spans.values()].filter(
      (span) => span.threadId === threadId && LIFECYCLE_KINDS.includes(span.kind),
    );
    history.set(threadId, past.sort(inOrder));
    addStored(folding, asStored(old));
    addStored(folding, pick(callsInHistory(old, past)));
  }
  foldEvents(folding, work.fresh, history);
  return folding;
}

function refolded({ work, events, spans, threads }: Bench): Folding {
  for (const [threadId, record] of [...threads])
    if (record.object === null) threads.delete(threadId);
  spans.clear();
  const folding = foldAll([...events.values()].sort(inOrder), [...threads.keys()], work.book);
  work.fold = folding.session;
  return folding;
}

function store(bench: Bench, folding: Folding): void {
  const { work, spans, threads } = bench;
  for (const [threadId, folded] of folding.threads) {
    const record = threads.get(threadId) ?? newThreadRecord(work.sessionId, threadId);
    record.fold.thread = folded;
    threads.set(threadId, record);
  }
  for (const [threadId, record] of threads) {
    applyThread(work.fold, record.fold.thread, threadPricing(record), 1);
    threads.set(threadId, asStored(record));
  }
  for (const id of folding.stored.keys()) if (!folding.spans.has(id)) spans.delete(id);
  for (const [id, span] of folding.spans) spans.set(id, asStored(span));
  const { fold, facts, object, source, book } = work;
  const wait = fold.life.wait ? folding.spans.get(fold.life.wait.id) : undefined;
  const openCalls = openCallsOf(wait, folding.spans);
  bench.row = asStored(summarize({ fold, facts, object, source, book, openCalls }));
}

function threadFolds(threads: Bench["threads"]): Folding["threads"] {
  return new Map([...threads].map(([threadId, record]) => [threadId, record.fold.thread]));
}

function asStored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
