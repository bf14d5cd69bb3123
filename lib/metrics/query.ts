import { startOfDay } from "@/lib/time/zone";
import { Tally } from "./histogram";
import { type Aggregate, type Metric, type Percentile, type Term, termsOf } from "./metric";
import { MOST_POINTS, type Point, type Series, STEPS, type Step } from "./query-schema";

const HOUR_MS = 3_600_000;
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
  return Math.floor(startOfDay(start + 26 * HOUR_MS, tz) / MINUTE_MS);
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
  histograms: Histograms;
};

/** Stored ones and what is still to be added to them, unmerged: merging is done once, where a figure is read. */
export type Histograms = { packed: readonly Uint8Array[]; observations: readonly number[][] };

type Asked = {
  metric: Metric;
  groups: readonly string[];
  buckets: Buckets;
  aggregate: Aggregate | Percentile;
  limit: number;
};

/** Sums of one label set, bucket by bucket, and after everything. */
type Gathered = {
  labels: string[];
  sums: Map<number, number[]>;
  histograms: Map<number, Histograms[]>;
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
export function splitTerms(
  rows: readonly Row[],
  { metric, groups }: Pick<Asked, "metric" | "groups">,
): readonly Row[] {
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
    const id = row.labels.join("\u0000");
    let known = all.get(id);
    if (!known) {
      known = { labels: row.labels, sums: new Map(), histograms: new Map() };
      all.set(id, known);
    }
    addRow(known, row.bucket, row.sums, [row.histograms]);
  }
  return all;
}

function addRow(
  into: Gathered,
  bucket: number,
  sums: readonly number[],
  histograms: readonly Histograms[] = [],
): void {
  const known = into.sums.get(bucket);
  into.sums.set(bucket, known ? known.map((sum, at) => sum + (sums[at] ?? 0)) : [...sums]);
  const filled = histograms.filter(
    ({ packed, observations }) => packed.length + observations.length,
  );
  if (filled.length === 0) return;
  into.histograms.set(bucket, [...(into.histograms.get(bucket) ?? []), ...filled]);
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

/** What groups are ranked by: a ratio by what it divides by, a distribution by the time it holds. */
function weightOf({ sums }: Gathered, { metric }: Asked): number {
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
  const { starts, from, to } = asked.buckets;
  if (asked.metric.kind === "gauge") return { labels, ...levels(gathered, starts) };
  const tally = new Tally();
  const points = starts.map((start, bucket): Point => {
    const minutes = (starts[bucket + 1] ?? to) - start;
    tally.clear();
    fill(tally, gathered.histograms.get(bucket));
    return pointOf(timeOf(start), { sums: gathered.sums.get(bucket), tally, minutes }, asked);
  });
  tally.clear();
  for (const histograms of gathered.histograms.values()) fill(tally, histograms);
  const sums = sumsOf(gathered);
  const whole = pointOf("", { sums, tally, minutes: to - from }, asked);
  return { labels, points, total: whole[1] };
}

function fill(tally: Tally, histograms: readonly Histograms[] = []): void {
  for (const { packed, observations } of histograms) {
    for (const bytes of packed) tally.addPacked(bytes);
    for (const each of observations) tally.addObservations(each);
  }
}

function sumsOf({ sums }: Gathered): number[] | undefined {
  const whole: Gathered = { labels: [], sums: new Map(), histograms: new Map() };
  for (const each of sums.values()) addRow(whole, 0, each);
  return whole.sums.get(0);
}

export const timeOf = (minute: number): string =>
  new Date(minute * MINUTE_MS).toISOString().replace(".000Z", "Z");

/** What one point is made of. */
type Part = { sums: readonly number[] | undefined; tally: Tally; minutes: number };
type Drawing = Pick<Asked, "metric" | "aggregate">;

export function pointOf(at: string, part: Part, asked: Drawing): Point {
  const { metric } = asked;
  if (metric.kind !== "ratio") return [at, pointValue(part, asked)];
  const { above, below } = partsOf(metric.of, part.sums);
  return [at, below === 0 ? null : above / below, above, below];
}

function partsOf(of: readonly Term[], sums: readonly number[] = []) {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { above: sum(sums.slice(0, of.length)), below: sum(sums.slice(of.length)) };
}

/** Counts and sums are 0 where nothing was, distributions have no value there. */
function pointValue(
  { sums = [], tally, minutes }: Part,
  { metric, aggregate }: Drawing,
): number | null {
  if (metric.kind === "distribution") {
    const told = aggregateOf(sums, tally, aggregate);
    return told !== null && metric.unit === "seconds" && aggregate !== "count" ? told / 1000 : told;
  }
  const sum = sums.reduce((total, value) => total + value, 0);
  if (metric.kind !== "count" && metric.kind !== "sum") return sum;
  if (metric.perMinute) return sum / minutes;
  return metric.divideBy ? sum / metric.divideBy : sum;
}

/** In whole milliseconds, as durations are: short ones come out exact by it. */
function aggregateOf(
  sums: readonly number[],
  tally: Tally,
  aggregate: Aggregate | Percentile,
): number | null {
  if (aggregate === "count") return tally.count;
  if (tally.count === 0) return null;
  if (aggregate === "mean") return Math.round((sums[0] ?? 0) / tally.count);
  const ms = tally.quantile(Number(aggregate.slice(1)) / 100);
  return ms === null ? null : Math.round(ms);
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
