import { type Age, seriesOfAges } from "./ages";
import { addObservations, addPacked, type Histogram, packHistogram } from "./histogram";
import { type Metric, termsOf } from "./metric";
import type { Group } from "./query-schema";
import { NEVER, TOTAL_MINUTE } from "./rollup";

const MINUTE_MS = 60_000;

/** What one label set has minute by minute; minutes in which nothing was are left out. */
export type MinuteSeries = {
  labels: Record<string, string>;
  /** From the epoch, ascending. */
  minutes: Int32Array;
  /** For each term of the metric its sums by minute; of a gauge by how much it changed. */
  sums: Float64Array[];
  /** Of distributions what was observed in each minute, packed; empty for other metrics. */
  histograms: Uint8Array[];
  /** Where a gauge stands before the first minute of the range; 0 for other metrics. */
  level: number;
};

/** Of one label set, as the store reads it: all arrays go by minute. */
export type StoredMinutes = {
  labels: string[];
  minutes: number[];
  sums: number[][];
  packed: Array<readonly string[] | null>;
  observations: Array<readonly number[][] | null>;
};

export type MinutesAsked = { metric: Metric; groups: readonly Group[]; from: number; to: number };

export function seriesOfMinutes(
  stored: readonly StoredMinutes[],
  asked: MinutesAsked,
): MinuteSeries[] {
  const { metric, groups } = asked;
  return splitTerms(stored, asked).map((one) => {
    const { minutes, sums } = one;
    const isWithin = (minute: number) => minute >= asked.from && minute < asked.to;
    const kept = minutes.flatMap((minute, at) => (isWithin(minute) ? [at] : []));
    return {
      labels: Object.fromEntries(groups.map((name, at) => [name, one.labels[at] ?? ""])),
      minutes: Int32Array.from(kept, (at) => minutes[at] ?? NEVER),
      sums: sums.map((term) => Float64Array.from(kept, (at) => term[at] ?? 0)),
      histograms: metric.kind === "distribution" ? kept.map((at) => histogramAt(one, at)) : [],
      level: metric.kind === "gauge" ? levelBefore(one) : 0,
    };
  });
}

/** What it stands at after everything, less all that came from the range's start on. */
function levelBefore({ minutes, sums }: StoredMinutes): number {
  const [term = []] = sums;
  return minutes.reduce(
    (level, minute, at) => level + (term[at] ?? 0) * (minute === TOTAL_MINUTE ? 1 : -1),
    0,
  );
}

const EMPTY = new Uint8Array();

function histogramAt({ packed, observations }: StoredMinutes, at: number): Uint8Array {
  const stored = (packed[at] ?? []).map((text) => Buffer.from(text, "base64"));
  const waiting = observations[at] ?? [];
  const [only] = stored;
  if (waiting.length === 0 && stored.length < 2) return only ?? EMPTY;
  const merged: Histogram = new Map();
  for (const bytes of stored) addPacked(merged, bytes);
  for (const each of waiting) addObservations(merged, each);
  return packHistogram(merged);
}

/** With a group by `bucket`, each term is a group of its own. */
function splitTerms(
  stored: readonly StoredMinutes[],
  { metric, groups }: MinutesAsked,
): readonly StoredMinutes[] {
  const at = groups.indexOf("bucket");
  if (at === -1) return stored;
  return stored.flatMap((one) =>
    termsOf(metric).map((term, index) => ({
      ...one,
      labels: one.labels.with(at, term.bucket ?? ""),
      sums: one.sums.map((sums, other) => (other === index ? sums : sums.map(() => 0))),
    })),
  );
}

/** Of a gauge of age: how old the oldest was at the end of each minute, in seconds. */
export function seriesOfAgesByMinute(ages: readonly Age[], asked: MinutesAsked): MinuteSeries[] {
  const { groups, from, to } = asked;
  const starts = Array.from({ length: to - from }, (_, at) => from + at);
  const ends = starts.map((minute) => (minute + 1) * MINUTE_MS);
  const drawn = seriesOfAges(ages, { groups, starts, ends, limit: Infinity, none: null });
  return drawn.series.map(({ labels, points }) => {
    const open = points.flatMap(([, age], at) => (age === null ? [] : [at]));
    return {
      ...{ labels, histograms: [], level: 0 },
      minutes: Int32Array.from(open, (at) => from + at),
      sums: [Float64Array.from(open, (at) => points[at]?.[1] ?? 0)],
    };
  });
}
