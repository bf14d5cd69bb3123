import { groupSeries, resultOf } from "@/components/costs/answers";
import { looksOf, METER_LOOKS, type NameOf } from "@/components/costs/looks";
import type { By } from "@/components/costs/questions";
import type { Answers } from "@/lib/metrics/queries";
import type { MetricResult, Series } from "@/lib/metrics/query-schema";
import { stepMsOf } from "@/lib/metrics/step";
import { drawnTimes, type TimeSeries } from "@/lib/series";

export const valuesOf = (series: Series | undefined): (number | null)[] =>
  (series?.points ?? []).map(([, value]) => value);

const METERS = ["tokens", "runtime", "web_search"] as const;

/** What the chart draws, the greatest at the bottom: meters, or the groups of the dimension. */
export function trendOf(by: By, answers: Answers, nameOf: NameOf): TimeSeries {
  const series = by === "meter" ? meterSeries(answers) : groupedSeries(by, answers, nameOf);
  return { ...stepsOf(by === "meter" ? answers.figures : answers.trend), series };
}

function stepsOf(results: readonly MetricResult[] | undefined): Omit<TimeSeries, "series"> {
  const [result] = results ?? [];
  const starts = (result?.series[0]?.points ?? []).map(([at]) => Date.parse(at));
  const [fromMs = 0] = starts;
  const untilMs = Date.parse(result?.complete_until ?? "");
  const stepMs = stepMsOf(result?.step ?? "all") ?? Math.max(1, untilMs - fromMs);
  const toMs = (starts.at(-1) ?? fromMs) + stepMs;
  return { fromMs, toMs, stepMs, times: drawnTimes(starts, stepMs) };
}

function meterSeries(answers: Answers): TimeSeries["series"] {
  return METERS.flatMap((meter) => {
    const series = resultOf(answers.figures, `cost_${meter}`)?.series[0];
    if (!series?.total) return [];
    return [{ key: meter, ...METER_LOOKS[meter], values: valuesOf(series) }];
  });
}

function groupedSeries(by: By, answers: Answers, nameOf: NameOf): TimeSeries["series"] {
  const looks = looksOf(by, answers, nameOf);
  return (answers.trend ?? []).flatMap(groupSeries).flatMap((series) => {
    if (!series.total) return [];
    const { key, name: label, color } = looks(series.labels, series.isOther);
    return [{ key, label, color, values: valuesOf(series) }];
  });
}
