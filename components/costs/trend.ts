import { looksOf, METER_LOOKS } from "@/components/costs/looks";
import type { By } from "@/components/costs/questions";
import { groupSeries, resultOf, stepsOf, valuesOf } from "@/components/metrics/answers";
import type { NameOf } from "@/components/metrics/looks";
import type { Answers } from "@/lib/metrics/queries";
import type { TimeSeries } from "@/lib/series";

const METERS = ["tokens", "runtime", "web_search"] as const;

/** What the chart draws, the greatest at the bottom: meters, or the groups of the dimension. */
export function trendOf(by: By, answers: Answers, nameOf: NameOf): TimeSeries {
  const series = by === "meter" ? meterSeries(answers) : groupedSeries(by, answers, nameOf);
  return { ...stepsOf(by === "meter" ? answers.figures : answers.trend), series };
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
