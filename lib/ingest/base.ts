import type { PriceBook } from "@/lib/costs/schema";
import { addCells, settledCells } from "@/lib/metrics/cells";
import { addSpan } from "@/lib/metrics/contribution";
import type { Cell, Rolled } from "@/lib/metrics/schema";
import { spanPricing, type Told } from "./contributions";
import { beginFolding, type Folding, foldEvents } from "./fold";
import { LIFECYCLE_KINDS, openSpans } from "./lifecycle-spans";
import type { EventRecord, Span } from "./schema";
import { approvalId } from "./spans";
import { newThreadFold, type SessionFold, type ThreadFold } from "./state";
import { applySpan } from "./totals";
import { callsOf, waitsNaming } from "./waits";

/**
 * What a session goes on from whose events are dropped: what its events came to up to an instant, bounded
 * as the fold is. Spans that something later may still change are here whole, and in no figure; all others
 * are settled, and only in the figures. Events up to that instant are late from then on, and so is one
 * that speaks of a settled span.
 */
export type Base = {
  /** The last of the dropped events. */
  untilUs: number;
  fold: SessionFold;
  threads: [threadId: string, ThreadFold][];
  open: Span[];
  /** Events that were waiting for their time: they are counted, and come once more when they have it. */
  queued: Queued[];
};
export type Queued = [threadId: string, id: string];

type Standing = {
  fold: SessionFold;
  threads: [string, ThreadFold][];
  spans: readonly Span[];
  queued: Queued[];
};

/** Null where there is nothing to go on from: no event has a time. Takes `standing` over. */
export function baseOf({ fold, threads, spans, queued }: Standing, book: PriceBook): Base | null {
  if (fold.lastUs === null) return null;
  const open = openOf({ fold, threads, spans });
  const byId = new Map(threads);
  const threadOf = (threadId: string) => byId.get(threadId) ?? newThreadFold();
  for (const span of open) applySpan({ session: fold, book, threadOf }, span, -1);
  return { untilUs: fold.lastUs, fold, threads, open, queued };
}

/** The part of a session's cells that its settled spans gave. */
export function settledPart(all: readonly Cell[], rolled: Rolled, open: Span[], told: Told) {
  const cells = new Map<string, Cell>();
  addCells(cells, all, 1);
  addCells(cells, rolled.cells, -1);
  for (const span of open) addSpan(cells, span, spanPricing(told), -1);
  return settledCells(cells.values());
}

/**
 * Spans that events to come may change: those that lack an end, a time, or the word of the thread they
 * happened in; what is open of each thread; the calls that the open wait is for, and the waits that
 * name a call. A call and its approval stay together.
 */
function openOf({ fold, threads, spans }: Omit<Standing, "queued">): Span[] {
  const lives = threads.flatMap(([id, { life }]) => (id === "" ? [] : openSpans(life, id)));
  const ids = new Set([...openSpans(fold.life), ...lives].map(({ id }) => id));
  const wait = spans.find(({ id }) => id === fold.life.wait?.id);
  if (wait) for (const id of [wait.id, ...callsOf(wait)]) ids.add(id);
  for (const span of spans) if (isUnfinished(span)) ids.add(span.id);
  for (const { kind, id } of spans) {
    if (kind !== "tool") continue;
    const both = [id, approvalId(id)];
    if (both.some((one) => ids.has(one))) for (const one of both) ids.add(one);
  }
  for (const span of spans)
    if (span.kind === "tool" && ids.has(span.id)) for (const id of waitsNaming(span)) ids.add(id);
  return spans.filter(({ id }) => ids.has(id));
}

const FINISHED_AT_ONCE = new Set([...LIFECYCLE_KINDS, "mark"]);

function isUnfinished({ kind, attributes, ...span }: Span): boolean {
  if (FINISHED_AT_ONCE.has(kind)) return false;
  const halves = [span.startEventId, span.startedUs, span.endEventId, span.endedUs];
  return (
    halves.includes(null) || attributes.cross_posted === true || attributes._end_copied === true
  );
}

/** Whether a stored span is one that nothing changes any more. */
export const isSettled = ({ untilUs, open }: Base, { id, endedUs, startedUs }: Span): boolean =>
  (endedUs ?? startedUs ?? Number.POSITIVE_INFINITY) <= untilUs &&
  open.every((span) => span.id !== id);

/** Folds what came after the base. `answered`: settled calls that idles name, with a time before them. */
export function foldOn(
  base: Base,
  events: readonly EventRecord[],
  described: readonly string[],
  { book, answered }: { book: PriceBook; answered: ReadonlyMap<string, number> },
): Folding {
  const threads = new Map(base.threads);
  const added = described.filter((threadId) => !threads.has(threadId));
  for (const threadId of added) threads.set(threadId, newThreadFold());
  const children = added.filter((threadId) => threadId !== "").length;
  const isNew = (event: EventRecord) => !isQueued(base.queued, event);
  const fold: SessionFold = {
    ...base.fold,
    // Sums over threads, which are added when all of them are known.
    ...{ covered: {}, models: {}, graderTokens: 0 },
    events: base.fold.events + events.filter(isNew).length,
    threads: base.fold.threads + children,
  };
  const folding = beginFolding({ fold, book }, threads, []);
  for (const span of base.open) folding.spans.set(span.id, copyOf(span));
  folding.answered = answered;
  foldEvents(folding, events);
  return folding;
}

export const copyOf = (span: Span): Span => ({ ...span, attributes: { ...span.attributes } });

export const isQueued = (queued: readonly Queued[], { threadId, id }: EventRecord): boolean =>
  queued.some(([thread, event]) => thread === threadId && event === id);
