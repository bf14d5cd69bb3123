import type { Db } from "@/lib/db/client";
import type { Percentile } from "@/lib/metrics/metric";
import type { MetricResult, MetricsQuery, Series } from "@/lib/metrics/query-schema";
import { type Question, readMetrics } from "@/lib/metrics/query-service";
import { NO_FIGURES } from "./figures";
import type { AgentFigures } from "./schema";

/** Of which sessions figures are, and by what they are divided. */
export type Figured = Pick<MetricsQuery, "from" | "to"> & {
  group?: "agent" | "agent_version";
  filter?: Pick<MetricsQuery, "agent" | "agent_version" | "config">;
};
export type At = { now: Date; db: Db };

const METRICS: MetricsQuery["metric"] = [
  "sessions_started",
  "failure_rate",
  "sessions_settled",
  "cost",
  "cost_per_completed_session",
];
/** More groups than there are agents to look through. */
const ALL = 20_000;
const AGG = "p95";

/** The figures of each group, by its label; without a group, of all under ''. */
export async function readFigures(
  workspace: string,
  { from, to, group, filter }: Figured,
  { now, db }: At,
): Promise<{ figures: Map<string, AgentFigures>; completeUntil: string; outdated: number }> {
  const base = { step: "all", tz: "UTC", agg: AGG, limit: ALL, from, to, ...filter } as const;
  const grouped = group ? { group_by: [group] } : {};
  const answers = await Promise.all(
    [...METRICS, "turn_duration" as const].map((metric) =>
      readMetrics(workspace, { ...base, ...grouped, metric: [metric] }, { now, db }),
    ),
  );
  const results = answers.flatMap((answer) => answer.results);
  const figures = new Map<string, AgentFigures>();
  for (const result of results)
    for (const series of result.series) {
      const key = group ? (series.labels[group] ?? "") : "";
      figures.set(key, { ...(figures.get(key) ?? NO_FIGURES), ...told(result, series) });
    }
  const [first] = results;
  return {
    figures,
    completeUntil: first?.complete_until ?? now.toISOString(),
    outdated: first?.outdated_sessions ?? 0,
  };
}

function told({ metric }: MetricResult, { total, points }: Series): Partial<AgentFigures> {
  const [, , above = 0, below = 0] = points[0] ?? [];
  switch (metric) {
    case "sessions_started":
      return { sessions: total ?? 0 };
    case "failure_rate":
      return { failed: above, decided: below };
    case "sessions_settled":
      return { settled: total ?? 0 };
    case "cost":
      return { cost_nanos: total ?? 0 };
    case "cost_per_completed_session":
      return { settled_cost_nanos: above, completed: below };
    case "turn_duration":
      return { turn_p95_ms: total };
    default:
      return {};
  }
}

/** Versions that sessions began with in a range. */
export async function readUsed(
  workspace: string,
  of: Pick<MetricsQuery, "from" | "to" | "agent">,
  { now, db }: At,
): Promise<{ agent: string; version: string }[]> {
  const query: Question = {
    ...{ step: "all", tz: "UTC", agg: AGG, limit: ALL, ...of },
    metric: ["sessions_started"],
    group_by: ["agent", "agent_version"],
  };
  const { results } = await readMetrics(workspace, query, { now, db });
  return (results[0]?.series ?? [])
    .filter(({ total }) => (total ?? 0) > 0)
    .map(({ labels }) => ({ agent: labels.agent ?? "", version: labels.agent_version ?? "" }))
    .filter(({ agent, version }) => agent !== "" && version !== "");
}

/** How long turns take at other shares than those everybody asks for: 0.95 is their p95. */
export async function readTurnQuantiles(
  workspace: string,
  { from, to, filter, shares }: Omit<Figured, "group"> & { shares: readonly number[] },
  { now, db }: At,
): Promise<(number | null)[]> {
  const answers = shares.map(async (share) => {
    const agg: Percentile = `p${share * 100}`;
    const query: Question = {
      ...{ from, to, step: "all", tz: "UTC", limit: 1, metric: ["turn_duration"], agg },
      ...filter,
    };
    const { results } = await readMetrics(workspace, query, { now, db });
    return results[0]?.series[0]?.total ?? null;
  });
  return Promise.all(answers);
}
