import { formatPlural } from "@/lib/format";
import type { MetricResult, Series } from "@/lib/metrics/query-schema";
import { stepMsOf } from "@/lib/metrics/step";
import { drawnTimes, type TimeBuckets } from "@/lib/series";

/** A value that is divided: what above, what below. */
export type Ratio = { value: number | null; above: number; below: number };

export const resultOf = (results: readonly MetricResult[] | undefined, metric: string) =>
  results?.find((result) => result.metric === metric);

/** Of one answer that is not grouped: the sum of the range. */
export function totalOf(results: readonly MetricResult[] | undefined, metric: string): number {
  return resultOf(results, metric)?.series[0]?.total ?? 0;
}

/** Of a series of a ratio: both of its parts over the whole range. */
export function ratioOf(series: Series | undefined): Ratio {
  let above = 0;
  let below = 0;
  for (const point of series?.points ?? []) {
    above += point[2] ?? 0;
    below += point[3] ?? 0;
  }
  return { value: below === 0 ? null : above / below, above, below };
}

export const ratioIn = (results: readonly MetricResult[] | undefined, metric: string): Ratio =>
  ratioOf(resultOf(results, metric)?.series[0]);

export const valuesOf = (series: Series | undefined): (number | null)[] =>
  (series?.points ?? []).map(([, value]) => value);

export function stepsOf(results: readonly MetricResult[] | undefined): TimeBuckets {
  const [result] = results ?? [];
  return stepsFrom(
    (result?.series[0]?.points ?? []).map(([at]) => Date.parse(at)),
    { step: result?.step ?? "all", until: result?.complete_until ?? "" },
  );
}

/** The same from the steps' starts; one that is `all` lasts until everything is known. */
export function stepsFrom(
  starts: readonly number[],
  { step, until }: { step: string; until: string },
): TimeBuckets {
  const [fromMs = 0] = starts;
  const stepMs = stepMsOf(step) ?? Math.max(1, Date.parse(until) - fromMs);
  const toMs = (starts.at(-1) ?? fromMs) + stepMs;
  return { fromMs, toMs, stepMs, times: drawnTimes(starts, stepMs) };
}

/** Days on which a metadata key had values that no group of their own is kept of, in words; null without. */
export function foldedWords(results: readonly MetricResult[] | undefined): string | null {
  const days = Math.max(0, ...(results ?? []).map(({ folded_days }) => folded_days));
  if (days === 0) return null;
  return `On ${formatPlural(days, "day")} (UTC) not every value has a group of its own: of a day the first 1,000 in the order of their bytes do, and none of more than 256 bytes. The others are in “Other”.`;
}

/** Groups beyond the limit come last and together. */
export function groupSeries(result: MetricResult): (Series & { isOther: boolean })[] {
  const last = result.series.length - 1;
  return result.series.map((series, at) => ({
    ...series,
    isOther: result.truncated_groups > 0 && at === last,
  }));
}
