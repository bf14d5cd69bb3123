import type { MetricResult, Series } from "@/lib/metrics/query-schema";
import type { Span } from "@/lib/time/range";
import type { AttentionItem } from "./schema";

/** A failing agent: at least so many failures, so large a share, and so many times the normal one. */
const FAILURES = 3;
const RATE = 0.1;
const TIMES_NORMAL = 2;
const MOST_FAILING = 5;

const WEEK_MS = 7 * 86_400_000;
const WEEKS = 4;
/** One week tells nothing of what is usual. */
const LEAST_WEEKS = 2;
const TIMES_EXPECTED = 1.5;
/** Less is nobody's trouble. */
const LEAST_EXCESS_NANOS = 1_000_000_000;
const MODELS_NAMED = 3;

type Results = MetricResult | undefined;
/** The rest of very many groups is nobody in particular. */
const groupsOf = (result: Results) =>
  (result?.series ?? []).slice(
    0,
    (result?.series.length ?? 0) - (result?.truncated_groups ? 1 : 0),
  );

/** Numerator and denominator of a ratio in one step. */
const partsOf = ({ points: [point] }: Series) => [Number(point?.[2] ?? 0), Number(point?.[3] ?? 0)];

/**
 * Agents, by version, that fail more than the agent did before: `now` and `costs` by agent and
 * version, `before` by agent.
 */
export function failingOf({
  now,
  costs,
  before,
}: {
  now: Results;
  costs: Results;
  before: Results;
}) {
  const normals = new Map(groupsOf(before).map(({ labels, total }) => [labels.agent, total]));
  const nanos = new Map(
    groupsOf(costs).map(({ labels, total }) => [JSON.stringify(labels), total]),
  );
  return groupsOf(now)
    .map((series) => {
      const [failed = 0, settled = 0] = partsOf(series);
      const { agent = "", agent_version: version = "" } = series.labels;
      const normal = normals.get(agent) ?? null;
      const cost_nanos = nanos.get(JSON.stringify(series.labels)) ?? 0;
      return { agent, version, failed, settled, normal, cost_nanos };
    })
    .filter(
      ({ failed, settled, normal }) =>
        failed >= FAILURES &&
        failed >= RATE * settled &&
        (normal === null || failed >= TIMES_NORMAL * normal * settled),
    )
    .sort((a, b) => b.failed - a.failed || (a.agent + a.version < b.agent + b.version ? -1 : 1))
    .slice(0, MOST_FAILING);
}

/** The same hours in the weeks before, as far back as there were sessions; none of a range beyond a week. */
export function weeksBefore({ fromMs, toMs }: Span, firstMs: number | null): Span[] {
  if (firstMs === null || toMs - fromMs > WEEK_MS) return [];
  const weeks = Array.from({ length: WEEKS }, (_, n) => (n + 1) * WEEK_MS)
    .map((back) => ({ fromMs: fromMs - back, toMs: toMs - back }))
    .filter((week) => week.fromMs >= firstMs);
  return weeks.length < LEAST_WEEKS ? [] : weeks;
}

/** Cost far above the mean of the weeks before and above each of them; all of them by agent. */
export function dearOf(now: Results, weeks: readonly Results[]) {
  const sumOf = (series: readonly Series[]) =>
    series.reduce((sum, { total }) => sum + (total ?? 0), 0);
  const cost_nanos = sumOf(now?.series ?? []);
  const sums = weeks.map((week) => sumOf(week?.series ?? []));
  const expected_nanos = Math.round(sums.reduce((sum, each) => sum + each, 0) / weeks.length);
  const isDear =
    cost_nanos >= TIMES_EXPECTED * expected_nanos &&
    cost_nanos - expected_nanos >= LEAST_EXCESS_NANOS &&
    cost_nanos > Math.max(...sums);
  if (!isDear) return null;
  const [worst] = groupsOf(now)
    .map(({ labels: { agent = "" }, total }) => {
      const own = weeks.map((week) =>
        sumOf(groupsOf(week).filter(({ labels }) => labels.agent === agent)),
      );
      const mean = own.reduce((sum, each) => sum + each, 0) / weeks.length;
      return { agent, excess_nanos: Math.round((total ?? 0) - mean) };
    })
    .sort((a, b) => b.excess_nanos - a.excess_nanos);
  const isOne = worst !== undefined && worst.excess_nanos > 0;
  return { cost_nanos, expected_nanos, weeks: weeks.length, worst: isOne ? worst : null };
}

/** Tokens without a price, by model. */
export function unpricedOf([result]: readonly MetricResult[]): AttentionItem[] {
  const series = (result?.series ?? []).filter(({ total }) => (total ?? 0) > 0);
  if (series.length === 0) return [];
  const models = series.map(({ labels }) => labels.model ?? "").filter((model) => model !== "");
  return [
    {
      kind: "unpriced",
      tokens: series.reduce((sum, { total }) => sum + (total ?? 0), 0),
      models: models.slice(0, MODELS_NAMED),
    },
  ];
}

/** Whether an update is still at work on what the figures are of. */
export function rebuildingOf([result]: readonly MetricResult[]): AttentionItem[] {
  const sessions = result?.outdated_sessions ?? 0;
  return sessions > 0 ? [{ kind: "rebuilding", sessions }] : [];
}
