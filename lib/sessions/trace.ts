import type { SpanState } from "./schema";

/** What finds parents: times are micros, `threadId` is '' for the primary thread. */
export type Placed = {
  id: string;
  kind: string;
  threadId: string;
  startUs: number;
  endUs: number | null;
};

type Intervals = { turns: Placed[]; requests: Placed[] };

/**
 * Finds a span's parent among `possible` (turns and model requests, what else or twice is passed over).
 * A tool belongs to the request of its thread during which it was called, else to the turn; an
 * approval to its tool; other work to the turn of its thread in which it began; a turn to nothing.
 */
export function parentFinder(
  possible: readonly Placed[],
): (span: Placed, toolUseId: string | null) => string | null {
  const threads = new Map<string, Intervals>();
  const distinct = new Map<string, Placed>();
  for (const span of possible)
    if (span.kind === "turn" || span.kind === "model_request") distinct.set(span.id, span);
  const ordered = [...distinct.values()].sort(
    (a, b) => a.startUs - b.startUs || (a.id < b.id ? -1 : 1),
  );
  for (const span of ordered) {
    const own = threads.get(span.threadId) ?? { turns: [], requests: [] };
    threads.set(span.threadId, own);
    (span.kind === "turn" ? own.turns : own.requests).push(span);
  }
  return (span, toolUseId) => {
    if (span.kind === "turn") return null;
    if (span.kind === "approval") return toolUseId;
    const own = threads.get(span.threadId);
    if (!own) return null;
    const turn = around(own.turns, span.startUs);
    if (span.kind !== "tool") return turn?.id ?? null;
    const request = callerAt(own.requests, span.startUs);
    return (request ?? turn)?.id ?? null;
  };
}

/** The interval begun last, not after the instant, if it lasts until the instant or is open. */
function around(intervals: readonly Placed[], us: number): Placed | null {
  const last = intervals[lastBegun(intervals, us)];
  return last && (last.endUs === null || last.endUs >= us) ? last : null;
}

/** The same, but a request that ends at the instant goes before one that begins at it: calls come at the end. */
function callerAt(requests: readonly Placed[], us: number): Placed | null {
  const at = lastBegun(requests, us);
  const before = requests[at - 1];
  if (requests[at]?.startUs === us && before?.endUs === us) return before;
  return around(requests, us);
}

/** Index of the last interval that began at or before the instant; -1 if none did. */
function lastBegun(intervals: readonly Placed[], us: number): number {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle]?.startUs ?? 0) <= us) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** An open span is unknown once nothing can end it: a newer turn of its thread began, or the session ended. */
export function shownState(given: {
  state: SpanState;
  startUs: number;
  /** Start of the newest turn of the span's thread. */
  newestTurnUs: number | null;
  sessionEnded: boolean;
}): SpanState {
  if (given.state !== "open") return given.state;
  const left = given.newestTurnUs !== null && given.newestTurnUs > given.startUs;
  return left || given.sessionEnded ? "unknown" : "open";
}

/** Attributes people may see: those that begin with _ are ingest's own notes, and are taken off. */
export function publicAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  for (const name of Object.keys(attributes)) if (name.startsWith("_")) delete attributes[name];
  return attributes;
}
