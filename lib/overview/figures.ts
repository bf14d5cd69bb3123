import type { MetricResult, Series } from "@/lib/metrics/query-schema";
import { Outcome } from "@/lib/sessions/schema";
import { METERS, type Overview } from "./schema";

/** The one series of a metric that was asked for without groups. */
function whole(results: readonly MetricResult[], metric: string): Series | undefined {
  return results.find((result) => result.metric === metric)?.series[0];
}

const values = (series: Series | undefined) => series?.points.map(([, value]) => value ?? 0) ?? [];
const total = (series: Series | undefined) => series?.total ?? 0;

/** Numerator and denominator of a ratio over all its points. */
function partsOf(series: Series | undefined): [above: number, below: number] {
  const points = series?.points ?? [];
  const sum = (at: 2 | 3) => points.reduce((all, point) => all + Number(point[at] ?? 0), 0);
  return [sum(2), sum(3)];
}

/** `course`: bucket by bucket; `before`: the range it is compared with, in one; null without one. */
export function figuresOf(
  course: readonly MetricResult[],
  before: readonly MetricResult[] | null,
): Overview["figures"] {
  const isAny = before !== null && total(whole(before, "sessions_started")) > 0;
  const figure = (metric: string) => ({
    value: total(whole(course, metric)),
    previous: isAny ? total(whole(before, metric)) : null,
    points: values(whole(course, metric)),
  });
  const rate = whole(course, "failure_rate");
  const [failed, settled] = partsOf(rate);
  return {
    sessions: figure("sessions_started"),
    failure_rate: {
      value: rate?.total ?? null,
      previous: (before && whole(before, "failure_rate")?.total) ?? null,
      failed,
      settled,
      points: rate?.points.map(([, value]) => value) ?? [],
    },
    cost_nanos: {
      ...figure("cost"),
      unpriced_tokens: total(whole(course, "unpriced_tokens")),
    },
    session_hours: figure("session_hours"),
  };
}

/** What is drawn over time. A bucket that is still to come has no number of running sessions. */
export function chartsOf(
  course: readonly MetricResult[],
  outcomes: readonly MetricResult[],
  nowMs: number,
): Pick<Overview, "times" | "outcomes" | "cost" | "concurrency"> {
  const times = whole(course, "sessions_started")?.points.map(([at]) => at) ?? [];
  return {
    times,
    outcomes: (outcomes[0]?.series ?? []).flatMap((series) => {
      const outcome = Outcome.safeParse(series.labels.outcome);
      return outcome.success ? [{ outcome: outcome.data, values: values(series) }] : [];
    }),
    cost: METERS.map((meter) => ({ meter, values: values(whole(course, `cost_${meter}`)) })).filter(
      (each) => each.values.some((value) => value > 0),
    ),
    concurrency: values(whole(course, "running_sessions")).map((value, at) =>
      Date.parse(times[at] ?? "") > nowMs ? null : value,
    ),
  };
}

/** `shown`: sessions started by agent; `told`: the other metrics by the same agents. */
export function agentsOf(
  shown: readonly Series[],
  told: readonly MetricResult[],
  names: ReadonlyMap<string, string>,
): Overview["agents"] {
  return shown.map((series) => {
    const id = series.labels.agent ?? "";
    const of = (metric: string) =>
      told
        .find((result) => result.metric === metric)
        ?.series.find(({ labels }) => labels.agent === id);
    const [failed, settled] = partsOf(of("failure_rate"));
    return {
      agent: { id: id || null, name: names.get(id) ?? null },
      sessions: total(series),
      failed,
      settled,
      cost_nanos: total(of("cost")),
      p95_turn_ms: of("turn_duration")?.total ?? null,
    };
  });
}
