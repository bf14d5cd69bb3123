import { pointOf } from "./course";
import { Tally } from "./histogram";
import { type Aggregate, type Metric, type Percentile, termsOf } from "./metric";
import type { MinuteSeries } from "./minutes";

export type WindowValue = {
  readonly value: number | null;
  readonly numerator?: number;
  readonly denominator?: number;
};

/** One label set's windows over its minutes. */
export type Sliding = {
  /** Of the minutes from one to before another; of a gauge how it stands at the latter's start. */
  windowAt(fromMinute: number, toMinute: number): WindowValue;
};

type Asked = { metric: Metric; aggregate: Aggregate | Percentile };

/** Windows that move on tick by tick cost no more than the minutes they take in and leave behind. */
export function slidingOf(series: MinuteSeries, { metric, aggregate }: Asked): Sliding {
  const { minutes, level } = series;
  const upTo = series.sums.map(upToEach);
  const [from, to] = [placeIn(minutes), placeIn(minutes)];
  if (metric.kind === "gauge") {
    if (metric.oldest) return agesOf(series, metric.oldest === "wait" ? 0 : null);
    const [changes = new Float64Array(1)] = upTo;
    return { windowAt: (_, end) => ({ value: level + (changes[to(end)] ?? 0) }) };
  }
  const slide = tallied(series.histograms);
  const perTerm = termsOf(metric).map((_, at) => upTo[at] ?? new Float64Array(1));
  const figureOf = (first: number, last: number, length: number): WindowValue => {
    const sums = perTerm.map((of) => (of[last] ?? 0) - (of[first] ?? 0));
    const part = { sums, tally: slide(first, last), minutes: length };
    const [, value, numerator, denominator] = pointOf("", part, { metric, aggregate });
    if (numerator === undefined || denominator === undefined) return { value };
    return { value, numerator, denominator };
  };
  // Most ticks neither take a minute in nor leave one behind: they have the value of the tick before.
  let known = { first: -1, last: -1, length: -1, value: { value: null } as WindowValue };
  return {
    windowAt(fromMinute, toMinute) {
      const first = from(fromMinute);
      const last = to(toMinute);
      const length = toMinute - fromMinute;
      if (first !== known.first || last !== known.last || length !== known.length)
        known = { first, last, length, value: figureOf(first, last, length) };
      return known.value;
    },
  };
}

/** Ages are told at the end of each minute in which something was open. */
function agesOf({ minutes, sums: [ages] }: MinuteSeries, none: 0 | null): Sliding {
  const place = placeIn(minutes);
  return {
    windowAt(_, toMinute) {
      const at = place(toMinute - 1);
      return { value: minutes[at] === toMinute - 1 ? (ages?.[at] ?? none) : none };
    },
  };
}

/** The sum of all before each place. */
function upToEach(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (const [at, value] of values.entries()) sums[at + 1] = (sums[at] ?? 0) + value;
  return sums;
}

/** The place of the first minute that is not before one: searched from where it was last. */
function placeIn(minutes: Int32Array): (minute: number) => number {
  let at = 0;
  return (minute) => {
    while (at < minutes.length && (minutes[at] ?? 0) < minute) at++;
    while (at > 0 && (minutes[at - 1] ?? 0) >= minute) at--;
    return at;
  };
}

/** What was observed between two places: the tally of before, moved there. */
function tallied(histograms: readonly Uint8Array[]): (first: number, last: number) => Tally {
  const tally = new Tally();
  let [from, to] = [0, 0];
  const each = (start: number, end: number, take: (packed: Uint8Array) => void) => {
    for (let at = start; at < end; at++) take(histograms[at] ?? new Uint8Array());
  };
  return (first, last) => {
    if (histograms.length === 0) return tally;
    if (first >= to || last <= from) {
      tally.clear();
      [from, to] = [first, first];
    }
    each(to, last, (packed) => tally.addPacked(packed));
    each(last, to, (packed) => tally.subtractPacked(packed));
    each(first, from, (packed) => tally.addPacked(packed));
    each(from, first, (packed) => tally.subtractPacked(packed));
    [from, to] = [first, last];
    return tally;
  };
}
