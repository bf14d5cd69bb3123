import { type By, byOf, groupsOf, MOST_DRAWN } from "@/components/costs/questions";
import type { Answers } from "@/lib/metrics/queries";
import type { MetricResult, Series } from "@/lib/metrics/query-schema";

/** A value that is divided: what above, what below. */
export type Ratio = { value: number | null; above: number; below: number };

export const resultOf = (results: readonly MetricResult[] | undefined, metric: string) =>
  results?.find((result) => result.metric === metric);

/** Of one answer that is not grouped: the sum of the range. */
export function totalOf(results: readonly MetricResult[] | undefined, metric: string): number {
  return resultOf(results, metric)?.series[0]?.total ?? 0;
}

/** Whether nothing was spent, counted or run. */
export const hasNothing = ({ figures }: Answers): boolean =>
  ["cost", "list_cost", "tokens", "session_hours", "sessions_started"].every(
    (metric) => totalOf(figures, metric) === 0,
  );

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

/** What answers are divided by, told from themselves: while new ones come, the old ones stay. */
export function byIn(answers: Answers): By {
  const labels = Object.keys(answers.trend?.[0]?.series[0]?.labels ?? {});
  return byOf(new URLSearchParams({ by: labels.at(-1) ?? "" }));
}

/** How many groups there are and how many of them are drawn, where not all are. */
export function groupsDrawn(by: By, answers: Answers): { drawn: number; all: number } | null {
  const truncated = answers.trend?.[0]?.truncated_groups ?? 0;
  if (groupsOf(by).length === 0 || truncated === 0) return null;
  return { drawn: MOST_DRAWN, all: MOST_DRAWN + truncated };
}

/** Groups beyond the limit come last and together. */
export function groupSeries(result: MetricResult): (Series & { isOther: boolean })[] {
  const last = result.series.length - 1;
  return result.series.map((series, at) => ({
    ...series,
    isOther: result.truncated_groups > 0 && at === last,
  }));
}
