import { type Buckets, timeOf } from "./query";
import type { Group, Point, Series } from "./query-schema";

const MINUTE_MS = 60_000;

/** Since when the oldest of one label set was open at a bucket's end. */
export type Age = { bucket: number; labels: string[]; sinceUs: number };

/** What is open from one instant to before another; Infinity while it is. */
export type Open = { labels: string[]; sinceUs: number; untilUs: number };

/** Since when the oldest was open at each of many ends, which ascend. */
export function agesOfOpen(open: readonly Open[], endsMs: readonly number[]): Age[] {
  const byLabels = new Map<string, Open[]>();
  for (const one of open) {
    const id = one.labels.join("\u0000");
    const same = byLabels.get(id);
    if (same) same.push(one);
    else byLabels.set(id, [one]);
  }
  return [...byLabels.values()].flatMap((same) => {
    const sorted = same.sort((a, b) => a.sinceUs - b.sinceUs);
    let oldest = 0;
    return endsMs.flatMap((ms, bucket) => {
      // One that is over by then is so at all later ends.
      while ((sorted[oldest]?.untilUs ?? Infinity) <= ms * 1000) oldest++;
      const one = sorted[oldest];
      return one && one.sinceUs < ms * 1000
        ? [{ bucket, labels: one.labels, sinceUs: one.sinceUs }]
        : [];
    });
  });
}

/** When each bucket ends, in ms; one that is not over yet ends now. */
export const endsOf = ({ starts, to }: Buckets, nowMs: number): number[] =>
  starts.map((_, bucket) => Math.min((starts[bucket + 1] ?? to) * MINUTE_MS, nowMs));

type Asked = {
  groups: readonly Group[];
  starts: readonly number[];
  ends: readonly number[];
  limit: number;
  /** What stands where nothing was open. */
  none: 0 | null;
};

/**
 * How old the oldest was at each bucket's end, in seconds. Groups beyond the limit, those with the
 * youngest, are one, `other`, which is as old as the oldest of them.
 */
export function seriesOfAges(
  ages: readonly Age[],
  asked: Asked,
): { series: Series[]; truncated: number } {
  const oldest = new Map<string, { labels: string[]; since: Map<number, number> }>();
  for (const { bucket, labels, sinceUs } of ages) {
    const id = labels.join("\u0000");
    const known = oldest.get(id) ?? { labels, since: new Map() };
    oldest.set(id, known);
    known.since.set(bucket, Math.min(known.since.get(bucket) ?? Infinity, sinceUs));
  }
  const all = [...oldest.values()].map(({ labels, since }) => ({
    labels,
    values: asked.ends.map((end, bucket) => ageOf(since.get(bucket), end)),
  }));
  const weight = (values: ReadonlyArray<number | null>) => Math.max(0, ...values.map(Number));
  all.sort(
    (a, b) => weight(b.values) - weight(a.values) || (a.labels.join() < b.labels.join() ? -1 : 1),
  );
  const rest = all.splice(asked.limit);
  if (rest.length > 0) {
    const values = asked.ends.map((_, bucket) => eldest(rest.map((each) => each.values[bucket])));
    all.push({ labels: asked.groups.map(() => "other"), values });
  }
  if (all.length === 0 && asked.groups.length === 0)
    all.push({ labels: [], values: asked.ends.map(() => null) });
  return { series: all.map((each) => drawn(each, asked)), truncated: rest.length };
}

/** In seconds, to the millisecond. */
function ageOf(sinceUs: number | undefined, endMs: number): number | null {
  return sinceUs === undefined ? null : Math.max(0, Math.round(endMs - sinceUs / 1000)) / 1000;
}

function eldest(values: ReadonlyArray<number | null | undefined>): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}

function drawn(
  { labels, values }: { labels: readonly string[]; values: ReadonlyArray<number | null> },
  { groups, starts, none }: Asked,
): Series {
  const points = values.map((value, bucket): Point => [timeOf(starts[bucket] ?? 0), value ?? none]);
  return {
    labels: Object.fromEntries(groups.map((name, at) => [name, labels[at] ?? ""])),
    points,
    total: points.at(-1)?.[1] ?? none,
  };
}
