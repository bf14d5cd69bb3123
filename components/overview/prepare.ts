import { METER_LOOKS } from "@/components/costs/looks";
import { outcomeColour } from "@/components/sessions/outcome-colour";
import { OUTCOME_LOOKS, OUTCOME_ORDER } from "@/components/sessions/outcomes";
import type { Overview } from "@/lib/overview/schema";
import { drawnTimes, type TimeSeries } from "@/lib/series";
import { resolveRange, type Scope, type Span } from "@/lib/time/range";

function windowOf({ from, to, times, step_ms: stepMs }: Overview): Omit<TimeSeries, "series"> {
  const starts = times.map((time) => Date.parse(time));
  const toMs = (starts.at(-1) ?? Date.parse(to) - stepMs) + stepMs;
  return { fromMs: Date.parse(from), toMs, stepMs, times: drawnTimes(starts, stepMs) };
}

/** Settled sessions by outcome, completed at the bottom, the failed above it. */
export function outcomeSeries(overview: Overview): TimeSeries {
  const series = OUTCOME_ORDER.flatMap((outcome) => {
    const found = overview.outcomes.find((item) => item.outcome === outcome);
    if (!found) return [];
    const { word } = OUTCOME_LOOKS[outcome];
    return [{ key: outcome, label: word, color: outcomeColour(outcome), values: found.values }];
  });
  return { ...windowOf(overview), series };
}

export function costSeries(overview: Overview): TimeSeries {
  const series = overview.cost.map(({ meter, values }) => ({
    key: meter,
    ...METER_LOOKS[meter],
    values,
  }));
  return { ...windowOf(overview), series };
}

export function hoursSeries(overview: Overview): TimeSeries {
  const { points: values } = overview.figures.session_hours;
  const { color } = METER_LOOKS.runtime;
  const series = [{ key: "hours", label: "Session-hours", color, values }];
  return { ...windowOf(overview), series };
}

/** Running sessions do not add up over time: the most at once stands for the range. */
export function concurrencySeries(overview: Overview): TimeSeries {
  const values = overview.concurrency;
  const known = values.filter((value) => value !== null);
  const total = known.length === 0 ? null : Math.max(...known);
  const series = [{ key: "running", label: "Most at once", color: "var(--run)", values, total }];
  return { ...windowOf(overview), series };
}

/** Names the overview that the URL asks for. */
export function overviewKey(scope: Scope, tz: string): string {
  return JSON.stringify([scope.range, scope.compare, tz]);
}

/** The API's parameters. All time has no start: the server finds the first session. */
export function overviewParams(scope: Scope, tz: string, nowMs: number): URLSearchParams {
  const span: Span | null = resolveRange(scope.range, nowMs);
  const params = new URLSearchParams({ compare: scope.compare, tz });
  if (span) {
    params.set("from", new Date(span.fromMs).toISOString());
    params.set("to", new Date(span.toMs).toISOString());
  }
  return params;
}
