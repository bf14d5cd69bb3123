import { type Known, NONE, OTHER } from "./bounded";
import type { Exported } from "./exported";
import { boundText, type MetricFamily, type Sample } from "./exposition";
import { durationOf } from "./histogram";
import type { Total } from "./totals";

/** Bounded totals of one entry of the list. */
export type Told = { exported: Exported; totals: readonly Total[] };

/** The families Prometheus is told, those of one name together, as they are computed now. */
export function familiesOf(told: readonly Told[]): MetricFamily[] {
  const families = new Map<string, MetricFamily & { samples: Sample[] }>();
  for (const { exported, totals } of told) {
    const name = `watchkeeper_${exported.name}`;
    const { type, help } = exported;
    const family = families.get(name) ?? { name, type, help, samples: [] };
    families.set(name, family);
    for (const total of totals) family.samples.push(...samplesOf(exported, total));
  }
  return [...families.values()];
}

function samplesOf({ bounds, scale, fixed }: Exported, total: Total): Sample[] {
  const labels = { ...total.labels, ...fixed };
  const value = scaled(total.value, scale);
  if (!bounds) return [{ labels, value }];
  const counts = bounds.map((bound) => countUpTo(total, bound));
  const all = countUpTo(total, Infinity);
  return [
    ...bounds.map((bound, at): Sample => {
      const le = boundText(bound);
      return { suffix: "_bucket", labels: { ...labels, le }, value: counts[at] ?? 0 };
    }),
    { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: all },
    { suffix: "_sum", labels, value },
    { suffix: "_count", labels, value: all },
  ];
}

/** By the duration that stands for each bucket of ours, which is 1.9 % off at most. */
function countUpTo({ histogram }: Total, seconds: number): number {
  let sum = 0;
  for (const [bucket, count] of histogram) if (durationOf(bucket) <= seconds * 1000) sum += count;
  return sum;
}

/** Whole units are divided, which is exact where multiplying by a tenth is not. */
const scaled = (value: number, scale: number) =>
  scale < 1 ? value / Math.round(1 / scale) : value;

/** What only ever grows: all samples of counters and histograms. */
const isGrowing = ({ type }: MetricFamily): boolean => type !== "gauge";

/** Most that each series was ever told as, by its name in the store. */
export type Marks = ReadonlyMap<string, number>;

const seriesName = (family: string, { suffix = "", labels }: Omit<Sample, "value">): string =>
  JSON.stringify([family, suffix, labels]);
type SeriesName = [family: string, suffix: string, labels: Record<string, string>];

/** The values that are above what was told so far, or were not told yet. */
export function aboveMarks(families: readonly MetricFamily[], marks: Marks): Map<string, number> {
  const above = new Map<string, number>();
  for (const family of families.filter(isGrowing))
    for (const sample of family.samples) {
      const name = seriesName(family.name, sample);
      const mark = marks.get(name);
      if (mark === undefined || sample.value > mark) above.set(name, sample.value);
    }
  return above;
}

/** The families with nothing that grows below its mark; a series that is gone stays at it. */
export function raised(families: readonly MetricFamily[], marks: Marks): MetricFamily[] {
  const left = new Map(marks);
  const told = families.map((family) => {
    if (!isGrowing(family)) return family;
    const samples = family.samples.map((sample) => {
      const name = seriesName(family.name, sample);
      const mark = left.get(name) ?? 0;
      left.delete(name);
      return { ...sample, value: Math.max(sample.value, mark) };
    });
    return { ...family, samples };
  });
  const byName = new Map(told.filter(isGrowing).map((family) => [family.name, family.samples]));
  for (const [name, value] of left) {
    const [family, suffix, labels] = JSON.parse(name) as SeriesName;
    byName.get(family)?.push({ suffix, labels, value });
  }
  return told;
}

/** Which values of labels have series already. */
export function knownFrom(marks: Marks): Known {
  const known: Known = new Map();
  for (const name of marks.keys()) {
    const [, , labels] = JSON.parse(name) as SeriesName;
    for (const [label, text] of Object.entries(labels)) {
      const values = known.get(label) ?? new Set();
      known.set(label, values);
      if (text !== OTHER) values.add(text === NONE ? "" : text);
    }
  }
  return known;
}
