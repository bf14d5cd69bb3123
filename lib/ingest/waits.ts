import type { Span } from "./schema";
import { blankSpan, type SpanSet } from "./spans";
import { answeredUs } from "./tool-spans";
import { ownOf } from "./totals";

type Idles = Array<[number, string[]]>;

/**
 * Brings waits and the calls they name together: a wait learns when its calls were answered, a call
 * learns which waits name it, so that a late answer finds its way back. `removed` are waits that a
 * re-derivation has done away with; `answered` are calls whose spans are gone.
 */
export function settleWaits(
  spans: SpanSet,
  removed: readonly Span[],
  answered: ReadonlyMap<string, number>,
): void {
  for (const wait of removed) for (const call of callsOf(wait)) unlink(spans.get(call), wait.id);
  for (const span of [...spans.values()])
    if (span.kind === "wait") settleWait(spans, span, answered);
}

/** The waits a call is named by; they have to be loaded when its answer comes. */
export function waitsNaming(tool: Span): string[] {
  const waits = tool.attributes._waits;
  return Array.isArray(waits) ? waits.filter((id): id is string => typeof id === "string") : [];
}

export function callsOf(wait: Span): string[] {
  return [...new Set(idlesOf(wait).flatMap(([, calls]) => calls))];
}

function settleWait(spans: SpanSet, wait: Span, answered: ReadonlyMap<string, number>): void {
  // A wait just derived has no answers yet, and all its calls are loaded; of one that was loaded
  // because a call names it, only that call may be.
  const known = wait.attributes._answers as Record<string, number> | undefined;
  const answers: Record<string, number> = {};
  for (const call of callsOf(wait)) {
    const before = answered.get(call);
    const tool = spans.get(call) ?? (known || before !== undefined ? null : stub(spans, call));
    const answer = tool ? answeredUs(tool) : (ownOf(known ?? {}, call) ?? before ?? null);
    if (answer !== null) answers[call] = answer;
    if (tool) link(tool, wait.id);
  }
  const waited = waitedIntervals(idlesOf(wait), answers, wait.endedUs);
  wait.attributes = { ...wait.attributes, _answers: answers, _waited: waited };
  wait.attributes._waited_us = waited.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** A call that only an idle has named so far: no time, never shown, kept for the answer's sake. */
function stub(spans: SpanSet, call: string): Span {
  const tool = blankSpan(call, "tool", "");
  spans.set(call, tool);
  return tool;
}

function link(tool: Span, waitId: string): void {
  const waits = new Set(waitsNaming(tool));
  if (waits.has(waitId)) return;
  tool.attributes = { ...tool.attributes, _waits: [...waits, waitId].sort() };
}

function unlink(tool: Span | undefined, waitId: string): void {
  if (!tool) return;
  const { _waits, ...rest } = tool.attributes;
  const left = waitsNaming(tool).filter((id) => id !== waitId);
  tool.attributes = left.length > 0 ? { ...rest, _waits: left } : rest;
}

function idlesOf(wait: Span): Idles {
  return (wait.attributes._idles ?? []) as Idles;
}

/**
 * In µs, apart from each other: the union of the intervals from each idle to the last answer of the calls it names, or to
 * the next run (`untilUs`), whichever is first. What is still open has no length yet.
 */
export function waitedIntervals(
  idles: Idles,
  answers: Record<string, number>,
  untilUs: number | null,
): Array<[number, number]> {
  const intervals: Array<[number, number]> = [];
  let coveredTo = Number.NEGATIVE_INFINITY;
  for (const [idleUs, calls] of [...idles].sort((a, b) => a[0] - b[0])) {
    const times = calls.map((call) => ownOf(answers, call));
    const lastAnswer = times.some((us) => us === undefined)
      ? null
      : Math.max(...times.map((us) => us ?? 0));
    const ends = [lastAnswer, untilUs].filter((us): us is number => us !== null);
    if (ends.length === 0) continue;
    const from = Math.max(idleUs, coveredTo);
    const to = Math.min(...ends);
    if (to <= from) continue;
    intervals.push([from, to]);
    coveredTo = to;
  }
  return intervals;
}
