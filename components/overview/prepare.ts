import { outcomeColour } from "@/components/sessions/outcome-colour";
import { OUTCOME_LOOKS, OUTCOME_ORDER } from "@/components/sessions/outcomes";
import type { TimeSeries } from "@/lib/series";
import type { Meter, Overview } from "@/lib/sessions/overview-schema";
import { resolveRange, type Scope, type Span } from "@/lib/time/range";

export const METER_LOOKS: Record<Meter, { label: string; color: string }> = {
  tokens: { label: "Tokens", color: "var(--series-1)" },
  input: { label: "Input", color: "var(--series-1)" },
  cache_write: { label: "Cache writes", color: "var(--series-2)" },
  cache_read: { label: "Cache reads", color: "var(--series-7)" },
  output: { label: "Output", color: "var(--series-5)" },
  runtime: { label: "Runtime", color: "var(--series-3)" },
  web_search: { label: "Web searches", color: "var(--series-4)" },
};

function windowOf(overview: Overview): Omit<TimeSeries, "series"> {
  return {
    fromMs: Date.parse(overview.from),
    toMs: Date.parse(overview.to),
    stepMs: overview.step_ms,
    times: overview.times.map((time) => Date.parse(time)),
  };
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
