import type { InstantStyle } from "@/lib/format";
import { zoneOffsetMs } from "@/lib/time/zone";

/** One line of a chart. `values` run parallel to the times; null is a gap. `color` is a CSS colour, the same for one entity everywhere. */
export type Series = {
  key: string;
  label: string;
  color: string;
  values: readonly (number | null)[];
  /** What stands for the whole range where the values do not add up. */
  total?: number | null;
};

/** An instant that a chart points out, in words; `name` is what the words are about, where that is not clear. */
export type Marker = { atMs: number; name: string | null; label: string };
export const markerWords = ({ name, label }: Marker) =>
  name === null ? label : `${name} ${label}`;

/** Buckets of `stepMs` that start at `times`, and the whole window. */
export type TimeBuckets = {
  fromMs: number;
  toMs: number;
  stepMs: number;
  times: readonly number[];
  markers?: readonly Marker[];
};

/** Everything a stacked chart draws, prepared. */
export type TimeSeries = TimeBuckets & { series: readonly Series[] };

/** A line across a chart at one value. */
export type Level = { value: number; label: string; tone: "fail" | "wait" | "ok" };

/** What a series was held to be for a while. */
export type StateRun = { state: string; fromMs: number; toMs: number };

/** Everything a chart of values against their bounds draws: `states` run parallel to the series. */
export type LevelSeries = TimeSeries & {
  levels: readonly Level[];
  states: readonly (readonly StateRun[])[];
};

/** One bucket of a rate: what of how many, their quotient, and where the true rate lies; null without any. */
export type RatePoint = {
  above: number;
  below: number;
  rate: number | null;
  low: number | null;
  high: number | null;
};

/** Everything a chart of a rate draws: `points` run parallel to the times. */
export type RateSeries = TimeBuckets & { points: readonly RatePoint[] };

/** What a sum will have come to by a bucket's end, and within which bounds. */
export type Outlook = { expected: number; low: number; high: number };

/** A sum that grows, as far as it is known and as it will go on; both run parallel to the times. */
export type CourseSeries = TimeBuckets & {
  known: readonly (number | null)[];
  outlook: readonly (Outlook | null)[];
};

/**
 * Bucket starts as they are drawn. The first begins with the range, maybe in the middle of a round
 * step; it is drawn as wide as the others, and cut by the window.
 */
export function drawnTimes(startsMs: readonly number[], stepMs: number): readonly number[] {
  const [, second] = startsMs;
  return second === undefined ? startsMs : [second - stepMs, ...startsMs.slice(1)];
}

/** Bottom and top of one series in one bucket of a stack. */
export type Layer = { base: number; top: number };

/** The series stacked in their order, bucket by bucket; gaps and negative values have no height. */
export function stackSeries(series: readonly Series[]): Layer[][] {
  const sums: number[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => {
      const base = sums[index] ?? 0;
      const top = base + Math.max(0, value ?? 0);
      sums[index] = top;
      return { base, top };
    }),
  );
}

/** What a series comes to over its range: the sum, if nothing else is said; null where there is no value at all. */
export function totalOf({ values, total }: Pick<Series, "values" | "total">): number | null {
  if (total !== undefined) return total;
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** The highest point a chart must show. */
export function highest(series: readonly Series[], stacked: boolean): number {
  const tops = stacked
    ? stackSeries(series).flatMap((layers) => layers.map((layer) => layer.top))
    : series.flatMap(({ values }) => values.map((value) => value ?? 0));
  return tops.reduce((max, value) => Math.max(max, value), 0);
}

/** Round values from 0 to at least `max`: 1, 2 or 5 times a power of ten apart. `whole` keeps them integers. */
export function niceTicks(max: number, count: number, whole: boolean): number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((step) => step * power >= rough * 0.999) ?? 10;
  const step = whole ? Math.max(1, Math.round(factor * power)) : factor * power;
  const steps = Math.ceil((max / step) * 0.999);
  return Array.from({ length: steps + 1 }, (_, index) => index * step);
}

/** The same, below zero as well where there is anything. */
export function levelTicks(values: readonly number[], count: number): number[] {
  const max = values.reduce((top, value) => Math.max(top, value), 0);
  const min = values.reduce((least, value) => Math.min(least, value), 0);
  if (min === 0) return niceTicks(max, count, false);
  const [, step = 1] = niceTicks(max - min, count, false);
  const [first, last] = [Math.floor(min / step), Math.ceil(max / step)];
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** So many are enough to let the interval say how high a rate may really be. */
const ENOUGH = 30;

/**
 * The ticks of a rate, from 0 to at most 1: every rate has room, and the interval wherever it says
 * something; the band of a bucket with few in it may leave the picture.
 */
export function rateTicks(points: readonly RatePoint[]): number[] {
  const top = points.reduce(
    (max, { rate, high, below }) => Math.max(max, rate ?? 0, below >= ENOUGH ? (high ?? 0) : 0),
    0.01,
  );
  const ticks = niceTicks(Math.min(1, top), 4, false).filter((tick) => tick < 1.0001);
  return top > (ticks.at(-1) ?? 0) ? [...ticks, 1] : ticks;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 60, 90, 180, 365].map((n) => n * DAY),
];

export type TimeTick = { atMs: number; style: InstantStyle };

/** At most `count` instants at round wall-clock times of the zone, and how to write each. */
export function timeTicks(
  window: { fromMs: number; toMs: number },
  tz: string,
  count: number,
): TimeTick[] {
  const { fromMs, toMs } = window;
  const length = toMs - fromMs;
  if (!(length > 0)) return [];
  const step = TIME_STEPS.find((candidate) => length / candidate <= count) ?? length;
  const ticks: TimeTick[] = [];
  const local = fromMs + zoneOffsetMs(fromMs, tz);
  for (let at = Math.ceil(local / step) * step; ticks.length <= count; at += step) {
    const atMs = at - zoneOffsetMs(at - zoneOffsetMs(at, tz), tz);
    if (atMs > toMs) break;
    if (atMs >= fromMs) ticks.push({ atMs, style: at % DAY === 0 ? "day" : "minute" });
  }
  return ticks;
}

/** Markers nearer to each other than this share of the window have one label. */
const NEAR = 0.08;
/** So many labels in one are read; the others are counted. */
const MOST_NAMED = 2;

/** The markers within the window, in groups that have room for a label. */
export function markerGroups({
  fromMs,
  toMs,
  markers = [],
}: Pick<TimeBuckets, "fromMs" | "toMs" | "markers">): { label: string; all: readonly Marker[] }[] {
  const groups: Marker[][] = [];
  const inside = markers.filter(({ atMs }) => fromMs <= atMs && atMs <= toMs);
  for (const marker of [...inside].sort((a, b) => a.atMs - b.atMs)) {
    const last = groups.at(-1);
    const first = last?.[0];
    if (last && first && marker.atMs - first.atMs < NEAR * (toMs - fromMs)) last.push(marker);
    else groups.push([marker]);
  }
  return groups.map((all) => {
    const named = all
      .slice(0, MOST_NAMED)
      .map((marker, at) =>
        at > 0 && all[at - 1]?.name === marker.name ? marker.label : markerWords(marker),
      );
    const more = all.length > MOST_NAMED ? [`+${all.length - MOST_NAMED}`] : [];
    return { label: [...named, ...more].join(", "), all };
  });
}

/** The bucket that holds the instant, or -1. */
export function bucketAt(data: TimeBuckets, atMs: number): number {
  return data.times.findLastIndex((start) => start <= atMs && atMs < start + data.stepMs);
}
