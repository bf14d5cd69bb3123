import type { Db } from "@/lib/db/client";
import type { SessionWork } from "./arrival-service";
import { isSettled } from "./base";
import { readBase, readSettled } from "./base-store";
import { threadsOfEvent } from "./batch";
import type { Days } from "./event-store";
import { type Folding, linkedWaits, spansToLoad, type ThreadPricing } from "./fold";
import type { EventRecord, Origin, Span } from "./schema";
import { readSessionSpans, readSpans } from "./span-store";
import { waitedCalls } from "./spans";
import type { StoredThread } from "./store";
import { readAllThreads, readThreads } from "./thread-store";
import { threadPricing } from "./threads";

/** Where a batch's folding reads from. */
export type Stored = { db: Db; origin: Origin; days: Days };

/** A session's threads that are loaded, by their id. */
export type Records = Map<string, StoredThread>;

/** The spans the new events can touch, and the waits that name one of them. */
export async function readLinked(
  { db, origin, days }: Stored,
  works: readonly SessionWork[],
): Promise<Map<string, Span[]>> {
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

export async function readSome(
  { db, origin, days }: Stored,
  work: SessionWork,
  ids: Set<string>,
): Promise<Span[]> {
  const found = await readSpans(db, origin, days, new Map([[work.sessionId, ids]]));
  return found.get(work.sessionId) ?? [];
}

export async function loadThreads(
  { db, origin }: Stored,
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
  for (const record of await readThreads(db, origin, ids)) {
    const records: Records = bySession.get(record.sessionId) ?? new Map();
    records.set(record.threadId, record);
    bySession.set(record.sessionId, records);
  }
  return bySession;
}

/** Threads of spans that were loaded after the threads were. */
export async function loadOthers(
  { db, origin }: Stored,
  { sessionId }: SessionWork,
  spans: Iterable<Span>,
  loaded: Records,
): Promise<StoredThread[]> {
  const ids = [...spans].map(({ threadId }) => threadId).filter((id) => !loaded.has(id));
  return readThreads(db, origin, new Map([[sessionId, new Set(ids)]]));
}

/** Settled calls that idles name: answered, at the latest, when the session's events were dropped. */
export async function readAnswered(
  { db, origin }: Pick<Stored, "db" | "origin">,
  { sessionId, goesOn }: Pick<SessionWork, "sessionId" | "goesOn">,
  events: readonly EventRecord[],
): Promise<Map<string, number>> {
  if (goesOn === null) return new Map();
  const idles = events.filter(({ type }) => type === "session.status_idle");
  const calls = idles.flatMap(({ payload }) => waitedCalls(payload));
  const settled = await readSettled(db, origin, sessionId, calls);
  return new Map([...settled].map((call) => [call, goesOn.untilUs]));
}

/** As they are once this batch is written, those that are settled left out. */
export async function allSpans(
  { db, origin }: Stored,
  work: SessionWork,
  folding: Folding,
): Promise<Span[]> {
  const spans = new Map<string, Span>();
  const base = await readBase(db, origin, work);
  if (!work.isNew)
    for (const span of await readSessionSpans(db, origin, work))
      if (!folding.stored.has(span.id) && !(base && isSettled(base, span)))
        spans.set(span.id, span);
  return [...spans.values(), ...folding.spans.values()];
}

/** Prices of all threads, those of this batch as it leaves them. */
export async function allThreadPrices(
  { db, origin }: Stored,
  work: SessionWork,
  loaded: ReadonlyMap<string, ThreadPricing>,
): Promise<Array<[string, ThreadPricing]>> {
  const stored = work.isNew ? [] : await readAllThreads(db, origin, work.sessionId);
  const others = stored.filter(({ threadId }) => !loaded.has(threadId));
  return [
    ...loaded,
    ...others.map((record): [string, ThreadPricing] => [record.threadId, threadPricing(record)]),
  ];
}
