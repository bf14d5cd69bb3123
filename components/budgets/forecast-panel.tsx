"use client";
import { useQuery } from "@tanstack/react-query";
import { CourseChart, type CourseWords } from "@/components/charts/course-chart";
import { wholeFiltersOf } from "@/components/metrics/asked";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useScope } from "@/components/shell/scope";
import { costForecast } from "@/lib/budgets/queries";
import type { Forecast } from "@/lib/budgets/schema";
import { formatInstant, formatNanos, formatPlural } from "@/lib/format";
import type { CourseSeries } from "@/lib/series";

const LIVE_MS = 60_000;
const WORDS: CourseWords = {
  known: "Spent",
  expected: "Expected",
  interval: "80 % interval",
};

/** What this month will have cost at its end. */
export function ForecastPanel({ params }: { params: URLSearchParams }) {
  const { tz } = useScope();
  const asked = wholeFiltersOf(params);
  asked.set("tz", tz);
  const query = useQuery({ ...costForecast(asked), refetchInterval: useLiveInterval(LIVE_MS) });
  return (
    <Panel title="Forecast" hint="this month, whatever range is shown">
      <QueryState query={query} what="The forecast" height="min-h-64">
        {(forecast) => (
          <div className="flex flex-col gap-2">
            <p className="min-h-10">{sentenceOf(forecast, tz)}</p>
            <CourseChart
              data={seriesOf(forecast)}
              words={WORDS}
              label="Cost of this month, and its forecast"
              tz={tz}
              format={formatNanos}
            />
            <details className="text-sm text-ink-3">
              <summary className="cursor-pointer">How it is computed</summary>
              <p className="pt-1">{forecast.method}</p>
            </details>
          </div>
        )}
      </QueryState>
    </Panel>
  );
}

function sentenceOf({ spent_nanos, outlook, wanted_days, to }: Forecast, tz: string) {
  const spent = formatNanos(spent_nanos);
  if (!outlook)
    return `${spent} so far. A forecast needs a week of whole days: ${formatPlural(wanted_days, "more day")}.`;
  const end = formatInstant(Date.parse(to) - 1, tz, "day");
  return (
    <>
      {spent} so far, <strong className="font-medium">{formatNanos(outlook.expected_nanos)}</strong>{" "}
      expected by {end} ({formatNanos(outlook.low_nanos)} – {formatNanos(outlook.high_nanos)})
    </>
  );
}

/** Days of 23 or 25 hours are drawn as wide as the others. */
function seriesOf({ from, to, days }: Forecast): CourseSeries {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const told = (outlook: Forecast["outlook"]) =>
    outlook && {
      expected: outlook.expected_nanos,
      low: outlook.low_nanos,
      high: outlook.high_nanos,
    };
  return {
    ...{ fromMs, toMs, stepMs: (toMs - fromMs) / days.length },
    times: days.map((day) => Date.parse(day.from)),
    known: days.map((day) => day.spent_nanos),
    outlook: days.map((day) => told(day.outlook)),
  };
}
