import { isDeepStrictEqual } from "node:util";
import type { Asked } from "./asked";
import { type Metric, type Term, termsOf } from "./metric";
import type { Family, Measure } from "./schema";

/** What is summed of a row: by what it is of, these measures. Without families of a row of any. */
export type Amount = ReadonlyArray<{
  families?: readonly Family[];
  keys?: readonly string[];
  measures: readonly Measure[];
}>;

/** All of the terms as one; those of one family, and those of one measure, stand together. */
export function amountOf(terms: readonly Term[]): Amount {
  const byFamily: Array<{ families: Family[]; keys?: readonly string[]; measures: Measure[] }> = [];
  for (const { family, measure, keys } of terms) {
    const same = byFamily.find(
      (part) => part.families.includes(family) && isDeepStrictEqual(part.keys, keys),
    );
    if (same) same.measures.push(measure);
    else byFamily.push({ families: [family], measures: [measure], ...(keys ? { keys } : {}) });
  }
  const parts: typeof byFamily = [];
  for (const { families, ...what } of byFamily) {
    const same = parts.find(({ families: _, ...other }) => isDeepStrictEqual(other, what));
    if (same) same.families.push(...families);
    else parts.push({ families: [...families], ...what });
  }
  return parts;
}

const ofAny = ({ measure, keys }: Term): Amount => [
  { measures: [measure], ...(keys ? { keys } : {}) },
];

export function amountsOf(terms: readonly Term[]): Amount[] {
  const amounts: Amount[] = [];
  for (const amount of terms.map(ofAny))
    if (!amounts.some((known) => isDeepStrictEqual(known, amount))) amounts.push(amount);
  return amounts;
}

export const columnsOf = (metric: Metric, amounts: readonly Amount[]) =>
  termsOf(metric).map((term) => ({
    family: term.family,
    at: amounts.findIndex((amount) => isDeepStrictEqual(amount, ofAny(term))),
  }));

export const isSome = (terms: readonly Term[]) => terms.length > 0;

/** By term, what its column sums: all of its side where it is the first, and each its own where they are told apart. */
export function sidesOf({
  metric,
  groups,
}: Pick<Asked, "metric" | "groups">): ReadonlyArray<readonly Term[]> {
  if (groups.includes("bucket")) return termsOf(metric).map((term) => [term]);
  const sides = metric.kind === "ratio" ? [metric.of, metric.by] : [metric.of];
  return sides.flatMap((side) => side.map((_, at) => (at === 0 ? side : [])));
}
