import { startOfDay } from "@/lib/time/zone";
import { byLabels, FOLDED, type Labelled, partsOf, splitTerms, type Told } from "./columns";
import { courseOf, hasSums } from "./course";
import type { Aggregate, Metric, Percentile } from "./metric";
import { MOST_POINTS, type Series, STEPS, type Step } from "./query-schema";
import { NEVER, TOTAL_MINUTE } from "./rollup";

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

/** The bucket of each minute, the last one beyond the range; `TOTAL_MINUTE` is in none, `-1`. */
export function bucketsAt(minutes: readonly number[], { starts, to }: Buckets): number[] {
  const ends = [...starts.slice(1), to];
  let bucket = 0;
  return minutes.map((minute) => {
    if (minute === TOTAL_MINUTE) return -1;
    const begins = bucket < starts.length ? (starts[bucket] ?? 0) : to;
    // Minutes mostly come in their order, many of one bucket.
    if (minute >= begins && minute < (ends[bucket] ?? NEVER)) return bucket;
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) <= minute) low = middle + 1;
      else high = middle;
    }
    bucket = low;
    return bucket;
  });
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

type Asked = {
  metric: Metric;
  groups: readonly string[];
  buckets: Buckets;
  aggregate: Aggregate | Percentile;
  limit: number;
};

/** The series of a metric: every bucket has a point, groups beyond the limit are one, `other`. */
export function seriesOf(told: Told, asked: Asked): { series: Series[]; truncated: number } {
  const split = splitTerms(told, asked);
  const found = byLabels(split);
  const ranked = found
    .filter(({ labels }) => !labels.includes(FOLDED))
    .map((each) => ({ ...each, weight: weightOf(each, split, asked) }))
    .sort((a, b) => b.weight - a.weight || order(a, b));
  const shown: Labelled[] = ranked.slice(0, asked.limit);
  const folded = found.filter(({ labels }) => labels.includes(FOLDED));
  const rest: Labelled[] = [...ranked.slice(asked.limit), ...folded];
  if (rest.length > 0)
    shown.push({
      labels: asked.groups.map(() => "other"),
      entries: rest.flatMap(({ entries }) => entries),
    });
  if (shown.length === 0 && asked.groups.length === 0) shown.push({ labels: [], entries: [] });
  const drawing = {
    ...asked,
    told: split,
    parts: split.histograms && partsOf(split.histograms),
    times: asked.buckets.starts.map(timeOf),
  };
  const series = shown.map(({ labels, entries }) => ({
    labels: Object.fromEntries(asked.groups.map((name, at) => [name, labels[at] ?? ""])),
    ...courseOf(entries, drawing),
  }));
  return { series, truncated: rest.length };
}

const order = (a: Labelled, b: Labelled) => (a.labels.join("\n") < b.labels.join("\n") ? -1 : 1);

/** What groups are ranked by: a ratio by what it divides by, a distribution by the time it holds. */
function weightOf({ entries }: Labelled, { buckets, sums }: Told, { metric }: Asked): number {
  const inBucket = new Map<number, number>();
  for (const column of sums.slice(metric.kind === "ratio" ? metric.of.length : 0).filter(hasSums))
    for (const entry of entries) {
      const bucket = buckets[entry] ?? 0;
      inBucket.set(bucket, (inBucket.get(bucket) ?? 0) + (column[entry] ?? 0));
    }
  let weight = 0;
  for (const sum of inBucket.values()) weight += Math.abs(sum);
  return weight;
}

export const timeOf = (minute: number): string =>
  new Date(minute * MINUTE_MS).toISOString().replace(".000Z", "Z");
