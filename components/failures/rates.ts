import { resultOf, stepsOf, valuesOf } from "@/components/metrics/answers";
import { outcomeColour } from "@/components/sessions/outcome-colour";
import { OUTCOME_LOOKS, OUTCOME_ORDER } from "@/components/sessions/outcomes";
import type { Answers } from "@/lib/metrics/queries";
import type { Series } from "@/lib/metrics/query-schema";
import { wilsonInterval } from "@/lib/metrics/wilson";
import type { RatePoint, RateSeries, TimeSeries } from "@/lib/series";

/** A rate with its parts and the interval it lies in. */
export function ratePoint(above: number, below: number): RatePoint {
  const interval = wilsonInterval(above, below);
  return {
    above,
    below,
    rate: below === 0 ? null : above / below,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}

const pointsOf = (series: Series | undefined): RatePoint[] =>
  (series?.points ?? []).map(([, , above = 0, below = 0]) => ratePoint(above, below));

/** A rate over time, and over the whole range. */
export function rateOf(answers: Answers, metric: string): { data: RateSeries; whole: RatePoint } {
  const points = pointsOf(resultOf(answers.figures, metric)?.series[0]);
  const sum = (part: "above" | "below") => points.reduce((all, point) => all + point[part], 0);
  return {
    data: { ...stepsOf(answers.figures), points },
    whole: ratePoint(sum("above"), sum("below")),
  };
}

/** Settled sessions by outcome, completed at the bottom, the failed above it. */
export function outcomesOf(answers: Answers): TimeSeries {
  const all = resultOf(answers.outcomes, "sessions_settled")?.series ?? [];
  const series = OUTCOME_ORDER.flatMap((outcome) => {
    const found = all.find(({ labels }) => labels.outcome === outcome);
    if (!found?.total) return [];
    const { word: label } = OUTCOME_LOOKS[outcome];
    return [{ key: outcome, label, color: outcomeColour(outcome), values: valuesOf(found) }];
  });
  return { ...stepsOf(answers.outcomes), series };
}

/** What the platform mended by itself: errors it tried again after, and sessions it put off. */
export function instabilityOf(answers: Answers): TimeSeries {
  const values = (metric: string) => valuesOf(resultOf(answers.figures, metric)?.series[0]);
  const final = values("final_errors");
  const retried = values("session_errors").map((count, at) => (count ?? 0) - (final[at] ?? 0));
  const series = [
    { key: "retried", label: "Errors tried again", color: "var(--series-2)", values: retried },
    {
      key: "rescheduled",
      label: "Rescheduled",
      color: "var(--series-5)",
      values: values("reschedules"),
    },
  ];
  const occurs = series.filter((each) => each.values.some((value) => value));
  return { ...stepsOf(answers.figures), series: occurs };
}
