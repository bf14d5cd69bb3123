import type { Row } from "./columns";
import type { Counted, Counter, LabelNames } from "./counting";
import { sumsOf } from "./edges";
import { type Metric, type Term, termsOf } from "./metric";
import type { Group } from "./query-schema";
import { DIMENSIONS, type Dimensions, FAMILIES, type Family, type Measures } from "./schema";
import type { Filter } from "./told";

export type Dimension = keyof Dimensions;

/** A question over whole minutes; of a gauge over those after its instant. */
export type Asking = {
  metric: Metric;
  groups: readonly Group[];
  filter: Filter;
  counter: Counter;
  whole: { from: number; to: number } | null;
};

/**
 * What one statement reads for many questions: sums between the bounds of all their windows, told apart
 * by what any of them tells apart.
 */
export type SumsAsked = {
  dimensions: readonly Dimension[];
  /** Of sessions; nothing where rollups are read. */
  ofSession: LabelNames;
  /** Bounds of segments in minutes, ascending; segment `i` is from the i-th to before the next. */
  bounds: readonly number[];
  /** Families read of each segment. */
  families: ReadonlyArray<readonly Family[]>;
  /** Those told apart by their key. */
  keyed: readonly Family[];
  /** Those with histograms. */
  spread: readonly Family[];
  /** Those of which it is also read how they stand after everything. */
  levels: readonly Family[];
};

export type SegmentSum = Counted & {
  /** `-1` is how it stands after everything. */
  segment: number;
  measures: Measures;
  /** Packed; null where nothing was observed. */
  histogram: Uint8Array | null;
};

/** Sums by family, and by segment. */
export type Segments = ReadonlyMap<Family, ReadonlyMap<number, readonly SegmentSum[]>>;

/**
 * Questions that are read together, by what they name. Rollups by no dimension and by the agent are as
 * good as the same; cells of sessions are read for windows that begin about as long ago.
 */
export function groupAskings<T extends Asking>(
  askings: readonly T[],
  { ofSessions, nowMinute }: { ofSessions: boolean; nowMinute: number },
): T[][] {
  const groups = new Map<string, T[]>();
  for (const asking of askings) {
    const { named, ofSession } = asking.counter;
    const since = nowMinute - (asking.whole?.from ?? nowMinute);
    const id = ofSessions
      ? JSON.stringify([named, ofSession, FAR_MINUTES.filter((minutes) => since > minutes).length])
      : named.filter((name) => name !== "agent" || named.length > 1).join();
    groups.set(id, [...(groups.get(id) ?? []), asking]);
  }
  return [...groups.values()];
}

const FAR_MINUTES = [180, 2_880];

export function sumsAsked(askings: readonly Asking[]): SumsAsked {
  const bounds = [
    ...new Set(askings.flatMap(({ whole }) => (whole ? [whole.from, whole.to] : []))),
  ].sort((a, b) => a - b);
  const families = bounds.slice(1).map(() => new Set<Family>());
  const [keyed, spread, levels] = [new Set<Family>(), new Set<Family>(), new Set<Family>()];
  for (const { metric, groups, filter, counter, whole } of askings) {
    for (const family of counter.families) {
      const dimension = FAMILIES[family];
      const isNamed = groups.some((name) => name === dimension) || hasFilter(filter, dimension);
      const isOfKeys = termsOf(metric).some((term) => term.family === family && term.keys);
      if (isNamed || isOfKeys) keyed.add(family);
      if (metric.kind === "distribution") spread.add(family);
      if (metric.kind === "gauge") levels.add(family);
      for (const [segment, of] of families.entries())
        if (covers(whole, bounds[segment] ?? 0)) of.add(family);
    }
  }
  const labelled = askings.map(({ counter }) => counter.ofSession);
  return {
    dimensions: DIMENSIONS.filter((name) =>
      askings.some(({ counter }) => counter.named.includes(name)),
    ),
    ofSession: {
      metadata: [...new Set(labelled.flatMap(({ metadata }) => metadata))],
      labels: [...new Set(labelled.flatMap(({ labels }) => labels))],
    },
    ...{ bounds, families: families.map((of) => [...of]) },
    ...{ keyed: [...keyed], spread: [...spread], levels: [...levels] },
  };
}

const covers = (whole: Asking["whole"], minute: number) =>
  whole !== null && whole.from <= minute && minute < whole.to;

const hasFilter = (filter: Filter, dimension: string) =>
  dimension !== "" && Boolean(filter[dimension as keyof Filter]);

export function indexSums(sums: readonly SegmentSum[]): Segments {
  const index = new Map<Family, Map<number, SegmentSum[]>>();
  for (const sum of sums) {
    const of = index.get(sum.family) ?? new Map<number, SegmentSum[]>();
    index.set(sum.family, of);
    const known = of.get(sum.segment);
    if (known) known.push(sum);
    else of.set(sum.segment, [sum]);
  }
  return index;
}

/** The rows of one question. What comes after a gauge's instant is in bucket 1. */
export function rowsOf(
  { metric, counter, whole }: Asking,
  { bounds, segments }: { bounds: readonly number[]; segments: Segments },
): Row[] {
  const isGauge = metric.kind === "gauge";
  const rows: Row[] = [];
  const asked: Asked = {
    counter,
    terms: termsOf(metric),
    isSpread: metric.kind === "distribution",
  };
  for (const family of counter.families) {
    const of = segments.get(family);
    if (!of) continue;
    if (isGauge) addRows(rows, of.get(-1), -1, asked);
    for (const [segment, from] of bounds.entries())
      if (covers(whole, from)) addRows(rows, of.get(segment), isGauge ? 1 : 0, asked);
  }
  return rows;
}

type Asked = { counter: Counter; terms: readonly Term[]; isSpread: boolean };

function addRows(
  into: Row[],
  sums: readonly SegmentSum[] | undefined,
  bucket: number,
  { counter, terms, isSpread }: Asked,
): void {
  for (const sum of sums ?? []) {
    if (!counter.fits(sum)) continue;
    const packed = isSpread && sum.histogram ? [sum.histogram] : [];
    const histograms = { packed, observations: [] };
    for (const labels of counter.labelsOf(sum))
      into.push({ bucket, labels, sums: sumsOf(terms, sum), histograms });
  }
}
