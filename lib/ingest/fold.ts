import type { CoveredTokens, PriceBook } from "@/lib/costs/schema";
import type { Base } from "./base";
import { isOrdered } from "./event-types";
import { isAfter, newLifecycle, stepLifecycle } from "./lifecycle";
import { LIFECYCLE_KINDS } from "./lifecycle-spans";
import type { EventRecord, Span } from "./schema";
import { noteSnapshot, noteUpdate } from "./snapshots";
import { copiedFrom, referencedSpans, type SpanSet, textOf } from "./spans";
import { newSessionFold, newThreadFold, type SessionFold, type ThreadFold } from "./state";
import { mergeToolEvent } from "./tool-spans";
import { addCounts, applySpan, GRADER, tally } from "./totals";
import { callsOf, settleWaits, waitsNaming } from "./waits";
import { mergeWorkEvent } from "./work-spans";

/** How a thread's tokens are priced, from its own object, else from the session's. */
export type ThreadPricing = { model: string | null; geo: string | null; speed: string | null };

/** One session on the bench: its fold, the threads and spans loaded for it, as they were and as they become. */
export type Folding = {
  session: SessionFold;
  threads: Map<string, ThreadFold>;
  /** Decides which tokens may be summed. */
  book: PriceBook;
  /** As stored; never changed. */
  stored: SpanSet;
  spans: SpanSet;
  /** Calls that are known to have been answered by a time, and of which nothing else is known any more. */
  answered: ReadonlyMap<string, number>;
};

export function beginFolding(
  { fold: session, book }: { fold: SessionFold; book: PriceBook },
  threads: Map<string, ThreadFold>,
  stored: readonly Span[],
): Folding {
  const folding: Folding = {
    ...{ session, threads, book },
    ...{ stored: new Map(), spans: new Map(), answered: new Map() },
  };
  addStored(folding, stored);
  return folding;
}

/** Spans that were loaded later, because those loaded first led to them. */
export function addStored(folding: Folding, stored: readonly Span[]): void {
  for (const span of stored) {
    if (folding.stored.has(span.id)) continue;
    folding.stored.set(span.id, span);
    folding.spans.set(span.id, { ...span, attributes: { ...span.attributes } });
  }
}

/** Ids of the spans that have to be loaded before these events are folded. */
export function spansToLoad(session: SessionFold, events: readonly EventRecord[]): Set<string> {
  const ids = new Set<string>();
  for (const event of events) for (const id of referencedSpans(event)) ids.add(id);
  if (session.life.wait) {
    ids.add(session.life.wait.id);
    for (const [, calls] of session.life.wait.idles) for (const call of calls) ids.add(call);
  }
  return ids;
}

/** Waits that name a loaded call, where they are not loaded themselves. */
export function linkedWaits(spans: SpanSet): Set<string> {
  const ids = new Set<string>();
  for (const span of spans.values())
    for (const id of waitsNaming(span)) if (!spans.has(id)) ids.add(id);
  return ids;
}

/** Calls that a thread's old waits and its whole history name. */
export function callsInHistory(
  waits: readonly Span[],
  history: readonly EventRecord[],
): Set<string> {
  const ids = new Set<string>();
  for (const wait of waits) for (const call of callsOf(wait)) ids.add(call);
  for (const event of history) for (const call of referencedSpans(event)) ids.add(call);
  return ids;
}

/** Threads with an event older than their clock: their turns are derived anew from the whole history. */
export function threadsToRederive(folding: Folding, events: readonly EventRecord[]): Set<string> {
  const late = new Set<string>();
  for (const event of events) {
    if (!isOrdered(event) || event.atUs === null) continue;
    const clock = lifeOf(folding, event.threadId).clock;
    if (!isAfter(event, clock)) late.add(event.threadId);
  }
  return late;
}

/**
 * Folds events that are new to the session, in any order. `history` holds, for each thread of
 * `threadsToRederive`, all its lifecycle events in order, the new ones included, or all since `base`;
 * its turn, state and wait spans must be among the loaded. Works on `folding` and on nothing else.
 */
export function foldEvents(
  folding: Folding,
  events: readonly EventRecord[],
  history: ReadonlyMap<string, readonly EventRecord[]> = new Map(),
  base: Base | null = null,
): void {
  for (const event of events) foldEvent(folding, event);
  const removed = clearLifecycle(folding, history, base);
  const emit = (span: Span) => folding.spans.set(span.id, span);
  for (const [threadId, past] of history) {
    const life = lifeOf(folding, threadId);
    for (const event of past) stepLifecycle(life, event, emit);
  }
  const fresh = events.filter(
    (event) => isOrdered(event) && event.atUs !== null && !history.has(event.threadId),
  );
  for (const event of fresh.sort(inOrder))
    stepLifecycle(lifeOf(folding, event.threadId), event, emit);
  settleWaits(folding.spans, removed, folding.answered);
  sumDifferences(folding);
}

/** Folds a session from the beginning. `described` are the threads that have an object of their own. */
export function foldAll(
  events: readonly EventRecord[],
  described: readonly string[],
  book: PriceBook,
): Folding {
  const children = described.filter((threadId) => threadId !== "").length;
  const fold = { ...newSessionFold(), events: events.length, threads: 1 + children };
  const threads = new Map(described.map((threadId) => [threadId, newThreadFold()]));
  const folding = beginFolding({ fold, book }, threads, []);
  foldEvents(folding, events);
  return folding;
}

export function inOrder(a: EventRecord, b: EventRecord): number {
  if (a.atUs !== b.atUs) return (a.atUs ?? Infinity) - (b.atUs ?? Infinity);
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** What has no order: spans that find their partners by id, snapshots and changes that are dated. */
function foldEvent(folding: Folding, event: EventRecord): void {
  const { session } = folding;
  if (event.atUs !== null) {
    session.firstUs = Math.min(session.firstUs ?? event.atUs, event.atUs);
    session.lastUs = Math.max(session.lastUs ?? event.atUs, event.atUs);
  }
  threadOf(folding, event.threadId);
  const copied = copiedFrom(event);
  const isToolEvent = mergeToolEvent(folding.spans, event);
  if (isToolEvent && copied !== null) threadOf(folding, copied);
  if (!isToolEvent) mergeWorkEvent(folding.spans, event);
  if (event.type === "session.usage") noteSnapshot(session, event);
  if (event.type === "session.updated") noteUpdate(session, event);
  if (event.type === "session.thread_created") {
    const child = textOf(event.payload.session_thread_id);
    if (child !== null) threadOf(folding, child);
  }
}

/** Takes threads back to where their history begins. The spans given must not hold what `base` has settled. */
function clearLifecycle(
  folding: Folding,
  history: ReadonlyMap<string, unknown>,
  base: Base | null,
): Span[] {
  const removed: Span[] = [];
  if (history.size === 0) return removed;
  const isCleared = ({ kind, threadId }: Span) =>
    LIFECYCLE_KINDS.includes(kind) && history.has(threadId);
  for (const span of [...folding.spans.values()].filter(isCleared)) {
    folding.spans.delete(span.id);
    if (span.kind === "wait") removed.push(span);
  }
  for (const span of base?.open.filter(isCleared) ?? []) folding.spans.set(span.id, { ...span });
  const lives = new Map(base?.threads.map(([threadId, { life }]) => [threadId, life]));
  for (const threadId of history.keys()) {
    if (threadId === "") folding.session.life = base?.fold.life ?? newLifecycle();
    else threadOf(folding, threadId).life = lives.get(threadId) ?? newLifecycle();
  }
  return removed;
}

function sumDifferences(folding: Folding): void {
  const sums = {
    session: folding.session,
    book: folding.book,
    threadOf: (threadId: string) => threadOf(folding, threadId),
  };
  for (const before of folding.stored.values()) applySpan(sums, before, -1);
  for (const after of folding.spans.values()) applySpan(sums, after, 1);
}

function lifeOf(folding: Folding, threadId: string) {
  if (threadId === "") return folding.session.life;
  return threadOf(folding, threadId).life;
}

function threadOf(folding: Folding, threadId: string): ThreadFold {
  const known = folding.threads.get(threadId);
  if (known) return known;
  const made = newThreadFold();
  folding.threads.set(threadId, made);
  if (threadId !== "") folding.session.threads++;
  return made;
}

/** Adds or takes out one thread's tokens in the session's sum, under the model the thread runs on. */
export function applyThread(
  session: SessionFold,
  thread: ThreadFold,
  pricing: ThreadPricing,
  sign: 1 | -1,
): void {
  if (pricing.model !== null) tally(session.models, pricing.model, sign);
  for (const [usage, tokens] of Object.entries(thread.usage)) {
    const isGrader = usage.startsWith(GRADER);
    const key = isGrader ? usage.slice(GRADER.length) : usage;
    const id = JSON.stringify([pricing.model, pricing.geo, pricing.speed, key]);
    const sum = addCounts(session.covered[id]?.tokens, tokens, sign);
    const covered: CoveredTokens = { ...pricing, key, tokens };
    if (sum) session.covered[id] = { ...covered, tokens: sum };
    else delete session.covered[id];
    if (isGrader) session.graderTokens += sign * sumOf(tokens);
  }
}

function sumOf(tokens: CoveredTokens["tokens"]): number {
  return tokens.input + tokens.cacheWrite + tokens.cacheRead + tokens.output;
}
