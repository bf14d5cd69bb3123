import type { Total } from "./totals";

/** Values of a label that have series of their own; the others are one, `other`. */
export const MOST_VALUES = 50;
export const OTHER = "other";
/** What stands where a label is not known. */
export const NONE = "none";

/** Values that have a series, by label. Once a value has one it keeps it, so that `other` never falls. */
export type Known = Map<string, Set<string>>;

/** Lets the heaviest values that have no series yet have one, as long as there is room. */
export function admit(known: Known, totals: readonly Total[]): void {
  const weights = new Map<string, Map<string, number>>();
  for (const { labels, value } of totals)
    for (const [label, text] of Object.entries(labels)) {
      const of = weights.get(label) ?? new Map<string, number>();
      weights.set(label, of);
      of.set(text, (of.get(text) ?? 0) + Math.abs(value));
    }
  for (const [label, of] of weights) {
    const values = known.get(label) ?? new Set();
    known.set(label, values);
    const ranked = [...of].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    for (const [text] of ranked) if (values.size < MOST_VALUES) values.add(text);
  }
}

/** The totals with every label bounded: what has no series of its own is added up under `other`. */
export function bounded(totals: readonly Total[], known: Known): Total[] {
  const sums = new Map<string, Total>();
  for (const total of totals) {
    const labels = Object.fromEntries(
      Object.entries(total.labels).map(([label, text]) => [
        label,
        known.get(label)?.has(text) ? text || NONE : OTHER,
      ]),
    );
    const id = JSON.stringify(labels);
    const sum = sums.get(id);
    if (!sum) {
      sums.set(id, { ...total, labels, histogram: new Map(total.histogram) });
      continue;
    }
    sum.value += total.value;
    sum.below += total.below;
    for (const [bucket, count] of total.histogram)
      sum.histogram.set(bucket, (sum.histogram.get(bucket) ?? 0) + count);
  }
  return [...sums.values()];
}
