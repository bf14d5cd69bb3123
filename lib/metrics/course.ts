import type { Part, Told } from "./columns";
import { Tally } from "./histogram";
import type { Aggregate, Metric, Percentile } from "./metric";
import type { Buckets } from "./query";
import type { Point, Series } from "./query-schema";

/** What the series of one answer are drawn from. */
export type Drawing = {
  metric: Metric;
  buckets: Buckets;
  aggregate: Aggregate | Percentile;
  told: Told;
  /** The histograms of `told`. */
  parts: ReadonlyArray<Part | null> | null;
  /** The buckets' starts as they are told. */
  times: readonly string[];
};
type Course = Pick<Series, "points" | "total">;

/** The points and the total of the entries that belong to one series. */
export function courseOf(entries: readonly number[], drawing: Drawing): Course {
  const { metric, told, times } = drawing;
  const above = addedUp(told.sums.slice(0, metric.of.length), entries, drawing);
  switch (metric.kind) {
    case "gauge":
      return levels(above, times);
    case "ratio":
      return ratios(above, addedUp(told.sums.slice(metric.of.length), entries, drawing), times);
    case "distribution":
      return durations(above, entries, drawing);
    case "count":
    case "sum":
      return amounts(above, metric, drawing);
  }
}

/** Another term's column has what is of this one, too. */
export const hasSums = (column: readonly number[]) => column.length > 0;

/** Sums of some terms by bucket, one place further on: what a gauge stands at after everything comes first. */
function addedUp(
  columns: Told["sums"],
  entries: readonly number[],
  { told, times }: Drawing,
): number[] {
  const sums = new Array<number>(times.length + 2).fill(0);
  for (const column of columns.filter(hasSums))
    for (const entry of entries) {
      const at = (told.buckets[entry] ?? 0) + 1;
      sums[at] = (sums[at] ?? 0) + (column[entry] ?? 0);
    }
  return sums;
}

/** What one point is made of, sums by term. */
type Made = { sums: readonly number[]; tally: Tally; minutes: number };

/** A single point, as a course has it; of a gauge the sum. */
export function pointOf(
  at: string,
  { sums, tally, minutes }: Made,
  { metric, aggregate }: Pick<Drawing, "metric" | "aggregate">,
): Point {
  const above = sumOf(sums.slice(0, metric.of.length));
  switch (metric.kind) {
    case "gauge":
      return [at, sumOf(sums)];
    case "ratio": {
      const below = sumOf(sums.slice(metric.of.length));
      return [at, ratioTold(above, below), above, below];
    }
    case "distribution":
      return [at, durationTold(above, tally, { metric, aggregate })];
    case "count":
    case "sum":
      return [at, amountTold(above, minutes, metric)];
  }
}

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

type Amount = Extract<Metric, { kind: "count" | "sum" }>;

function amountTold(sum: number, minutes: number, { divideBy, perMinute }: Amount): number {
  if (perMinute) return sum / minutes;
  return divideBy ? sum / divideBy : sum;
}

/** 0 where nothing was. */
function amounts(
  sums: readonly number[],
  metric: Amount,
  { buckets: { starts, from, to }, times }: Drawing,
): Course {
  return {
    points: times.map((time, at): Point => {
      const minutes = (starts[at + 1] ?? to) - (starts[at] ?? from);
      return [time, amountTold(sums[at + 1] ?? 0, minutes, metric)];
    }),
    total: amountTold(sumOf(sums), to - from, metric),
  };
}

const ratioTold = (part: number, whole: number) => (whole === 0 ? null : part / whole);

function ratios(
  above: readonly number[],
  below: readonly number[],
  times: readonly string[],
): Course {
  return {
    points: times.map((time, at): Point => {
      const [part, whole] = [above[at + 1] ?? 0, below[at + 1] ?? 0];
      return [time, ratioTold(part, whole), part, whole];
    }),
    total: ratioTold(sumOf(above), sumOf(below)),
  };
}

/** No value where nothing was. */
function durations(sums: readonly number[], entries: readonly number[], drawing: Drawing): Course {
  const parts = partsByBucket(entries, drawing);
  const tally = new Tally();
  const all = new Tally();
  const points = drawing.times.map((time, at): Point => {
    tally.clear();
    for (const part of parts[at] ?? []) tally.addPart(part);
    all.addTally(tally);
    return [time, durationTold(sums[at + 1] ?? 0, tally, drawing)];
  });
  return { points, total: durationTold(sumOf(sums), all, drawing) };
}

function partsByBucket(entries: readonly number[], { told, parts }: Drawing): Part[][] {
  const found: Part[][] = [];
  for (const entry of entries) {
    const part = parts?.[entry];
    if (!part) continue;
    const bucket = told.buckets[entry] ?? 0;
    const known = found[bucket];
    if (known) known.push(part);
    else found[bucket] = [part];
  }
  return found;
}

/** In whole milliseconds, as durations are: short ones come out exact by it. */
function durationTold(
  sum: number,
  tally: Tally,
  { metric, aggregate }: Pick<Drawing, "metric" | "aggregate">,
): number | null {
  if (aggregate === "count") return tally.count;
  if (tally.count === 0) return null;
  const ms =
    aggregate === "mean" ? sum / tally.count : tally.quantile(Number(aggregate.slice(1)) / 100);
  if (ms === null) return null;
  return metric.unit === "seconds" ? Math.round(ms) / 1000 : Math.round(ms);
}

/** A gauge at each bucket's end: what it stands at after everything, less what came after that end. */
function levels(changes: readonly number[], times: readonly string[]): Course {
  let level = (changes[0] ?? 0) - (changes[times.length + 1] ?? 0);
  const total = level;
  const points = times.map((time): Point => [time, null]);
  for (let bucket = times.length - 1; bucket >= 0; bucket--) {
    points[bucket] = [times[bucket] ?? "", level];
    level -= changes[bucket + 1] ?? 0;
  }
  return { points, total };
}
