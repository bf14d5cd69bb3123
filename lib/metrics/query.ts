import { startOfDay } from "@/lib/time/zone";
import { type Aggregate, type Metric, type Term, termsOf } from "./catalogue";
import { addHistogram, countOf, type Histogram, quantileOf } from "./histogram";
import { MOST_POINTS, type Point, type Series, STEPS, type Step } from "./query-schema";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Minutes from the epoch; `starts` ascending, the last bucket ends before `to`. */
export type Buckets = { starts: number[]; from: number; to: number };

/**
 * The buckets of a range. Days begin at midnight of the zone and have 23 to 25 hours, shorter steps
 * begin at round times of UTC; the first begins where the range does. Null when there are too many.
 */
export function bucketsOf(
  { fromMs, toMs }: { fromMs: number; toMs: number },
  step: Step,
  tz: string,
): Buckets | null {
  const from = Math.floor(fromMs / MINUTE_MS);
  const to = Math.max(from + 1, Math.ceil(toMs / MINUTE_MS));
  if (step === "all") return { starts: [from], from, to };
  const minutes = STEPS[step];
  if ((to - from) / minutes > MOST_POINTS + 1) return null;
  const starts = [from];
  const next =
    step === "1d" ? nextDay(tz) : (at: number) => (Math.floor(at / minutes) + 1) * minutes;
  for (let at = next(from); at < to; at = next(at)) starts.push(at);
  return starts.length > MOST_POINTS ? null : { starts, from, to };
}

/** 26 hours after its start, the instant is in the next day, however long the day is. */
const nextDay = (tz: string) => (at: number) => {
  const start = startOfDay(at * MINUTE_MS, tz);
  return Math.floor(startOfDay(start + 26 * (DAY_MS / 24), tz) / MINUTE_MS);
};

/** The finest step with which a range fits into one answer. */
export function stepThatFits(minutes: number): Step {
  const fitting = Object.entries(STEPS).find(([, step]) => minutes / step <= MOST_POINTS);
  return (fitting?.[0] as Step | undefined) ?? "all";
}

/** What the store gives of one label set in one bucket: sums of terms in their order. */
export type Row = {
  /** Index into `starts`; `-1` is what a gauge stands at after everything. */
  bucket: number;
  labels: string[];
  sums: number[];
  histogram: Histogram | null;
};

type Asked = {
  metric: Metric;
  groups: readonly string[];
  buckets: Buckets;
  aggregate: Aggregate;
  limit: number;
};

/** Sums of one label set, bucket by bucket, and after everything. */
type Gathered = {
  labels: string[];
  sums: Map<number, number[]>;
  histograms: Map<number, Histogram>;
};

/** The series of a metric: every bucket has a point, groups beyond the limit are one, `other`. */
export function seriesOf(
  rows: readonly Row[],
  asked: Asked,
): { series: Series[]; truncated: number } {
  const all = gather(splitTerms(rows, asked));
  const ranked = [...all.values()].sort(
    (a, b) => weightOf(b, asked) - weightOf(a, asked) || order(a, b),
  );
  const shown = ranked.slice(0, asked.limit);
  const rest = ranked.slice(asked.limit);
  if (rest.length > 0) shown.push(mergeAll(rest, asked.groups));
  if (shown.length === 0 && asked.groups.length === 0)
    shown.push({ labels: [], sums: new Map(), histograms: new Map() });
  return { series: shown.map((each) => drawn(each, asked)), truncated: rest.length };
}

const order = (a: Gathered, b: Gathered) => (a.labels.join("\n") < b.labels.join("\n") ? -1 : 1);

/** With a group by `bucket`, each term is a group of its own. */
function splitTerms(rows: readonly Row[], { metric, groups }: Asked): readonly Row[] {
  const at = groups.indexOf("bucket");
  if (at === -1) return rows;
  return rows.flatMap((row) =>
    termsOf(metric).map((term, index) => ({
      ...row,
      labels: row.labels.with(at, term.bucket ?? ""),
      sums: row.sums.map((sum, other) => (other === index ? sum : 0)),
    })),
  );
}

function gather(rows: readonly Row[]): Map<string, Gathered> {
  const all = new Map<string, Gathered>();
  for (const row of rows) {
    const id = JSON.stringify(row.labels);
    const known = all.get(id) ?? { labels: row.labels, sums: new Map(), histograms: new Map() };
    all.set(id, known);
    addRow(known, row.bucket, row.sums, row.histogram);
  }
  return all;
}

function addRow(
  into: Gathered,
  bucket: number,
  sums: readonly number[],
  histogram: Histogram | null | undefined,
): void {
  const known = into.sums.get(bucket);
  into.sums.set(bucket, known ? known.map((sum, at) => sum + (sums[at] ?? 0)) : [...sums]);
  if (!histogram) return;
  const merged = into.histograms.get(bucket) ?? new Map();
  into.histograms.set(bucket, merged);
  addHistogram(merged, histogram);
}

function mergeAll(rest: readonly Gathered[], groups: readonly string[]): Gathered {
  const merged: Gathered = {
    labels: groups.map(() => "other"),
    sums: new Map(),
    histograms: new Map(),
  };
  for (const { sums, histograms } of rest)
    for (const [bucket, each] of sums) addRow(merged, bucket, each, histograms.get(bucket));
  return merged;
}

/** What groups are ranked by: a ratio by what it divides by, a distribution by its number. */
function weightOf({ sums, histograms }: Gathered, { metric }: Asked): number {
  if (metric.kind === "distribution")
    return [...histograms.values()].reduce((sum, histogram) => sum + countOf(histogram), 0);
  const skipped = metric.kind === "ratio" ? metric.of.length : 0;
  let weight = 0;
  for (const each of sums.values())
    weight += each.slice(skipped).reduce((sum, value) => sum + Math.abs(value), 0);
  return weight;
}

function drawn(gathered: Gathered, asked: Asked): Series {
  const labels = Object.fromEntries(
    asked.groups.map((name, at) => [name, gathered.labels[at] ?? ""]),
  );
  const { starts } = asked.buckets;
  if (asked.metric.kind === "gauge") return { labels, ...levels(gathered, starts) };
  const points = starts.map((start, bucket): Point => {
    const at = timeOf(start);
    const minutes = (starts[bucket + 1] ?? asked.buckets.to) - start;
    const sums = gathered.sums.get(bucket);
    return pointOf(at, sums, gathered.histograms.get(bucket), { ...asked, minutes });
  });
  return { labels, points, total: totalOf(gathered, asked) };
}

export const timeOf = (minute: number): string =>
  new Date(minute * MINUTE_MS).toISOString().replace(".000Z", "Z");

type Valued = Pick<Asked, "metric" | "aggregate"> & { minutes: number };

function pointOf(
  at: string,
  sums: readonly number[] | undefined,
  histogram: Histogram | undefined,
  valued: Valued,
): Point {
  const { metric } = valued;
  if (metric.kind !== "ratio") return [at, pointValue(sums, histogram, valued)];
  const { above, below } = partsOf(metric.of, sums);
  return [at, below === 0 ? null : above / below, above, below];
}

function partsOf(of: readonly Term[], sums: readonly number[] = []) {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { above: sum(sums.slice(0, of.length)), below: sum(sums.slice(of.length)) };
}

/** Counts and sums are 0 where nothing was, distributions have no value there. */
function pointValue(
  sums: readonly number[] = [],
  histogram: Histogram | undefined,
  { metric, aggregate, minutes }: Valued,
): number | null {
  if (metric.kind === "distribution") return aggregateOf(sums, histogram ?? new Map(), aggregate);
  const sum = sums.reduce((total, value) => total + value, 0);
  if (metric.kind !== "count" && metric.kind !== "sum") return sum;
  if (metric.perMinute) return sum / minutes;
  return metric.divideBy ? sum / metric.divideBy : sum;
}

function aggregateOf(
  sums: readonly number[],
  histogram: Histogram,
  aggregate: Aggregate,
): number | null {
  const count = countOf(histogram);
  if (aggregate === "count") return count;
  if (count === 0) return null;
  if (aggregate === "mean") return (sums[0] ?? 0) / count;
  return quantileOf(histogram, Number(aggregate.slice(1)) / 100);
}

function totalOf(gathered: Gathered, asked: Asked): number | null {
  const { buckets, metric } = asked;
  const whole = mergeBuckets(gathered);
  const minutes = buckets.to - buckets.from;
  return (
    pointOf("", whole.sums.get(0), whole.histograms.get(0), {
      metric,
      aggregate: asked.aggregate,
      minutes,
    })[1] ?? null
  );
}

function mergeBuckets({ sums, histograms }: Gathered): Gathered {
  const whole: Gathered = { labels: [], sums: new Map(), histograms: new Map() };
  for (const [bucket, each] of sums) addRow(whole, 0, each, histograms.get(bucket));
  return whole;
}

/** A gauge at each bucket's end: what it stands at after everything, less what came after that end. */
function levels({ sums }: Gathered, starts: readonly number[]): Pick<Series, "points" | "total"> {
  const changeIn = (bucket: number) => sums.get(bucket)?.[0] ?? 0;
  let level = changeIn(-1) - changeIn(starts.length);
  const total = level;
  const points = starts.map((): Point => ["", null]);
  for (let bucket = starts.length - 1; bucket >= 0; bucket--) {
    points[bucket] = [timeOf(starts[bucket] ?? 0), level];
    level -= changeIn(bucket);
  }
  return { points, total };
}
