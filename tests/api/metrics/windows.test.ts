import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { fillDemo } from "@/lib/demo/service";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import { knownBy, type Metric } from "@/lib/metrics/metric";
import { MetricsQuery, type Series } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { addUp } from "@/lib/metrics/rollup-service";
import type { WindowAnswer, WindowGroup, WindowQuestion } from "@/lib/metrics/window-schema";
import { readWindows } from "@/lib/metrics/window-service";
import { truncateAll } from "@/tests/support/database";

const NOW = new Date("2026-11-20T12:00:00Z");
const MINUTE = 60_000;
const DAY = 86_400_000;
const FIRST = NOW.getTime() - 4 * DAY;

/** What sessions tell. */
const OF_SESSIONS = CATALOGUE.filter((metric) => knownBy(metric) === null);
const isAdditive = ({ kind }: Metric) => kind === "count" || kind === "sum" || kind === "ratio";

type Asked = Partial<Omit<WindowQuestion, "fromMs" | "toMs">>;
const ask = (metric: Metric, asked: Asked, [fromMs, toMs]: readonly [number, number]) => ({
  ...{ metric: metric.id, filters: {}, groupBy: [], ...asked, fromMs, toMs },
});

async function answers(questions: WindowQuestion[], now = NOW): Promise<WindowAnswer[]> {
  const all = await readWindows("default", questions, { now });
  for (const [at, { error }] of all.entries())
    expect(error, JSON.stringify(questions[at])).toBeNull();
  return all;
}

/** Of each label set what adds up: value, or numerator and denominator. */
function parts(groups: readonly WindowGroup[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { labels, value, numerator, denominator } of groups) {
    const sums = numerator === undefined ? [value ?? 0] : [numerator, denominator ?? 0];
    if (sums.some((sum) => sum !== 0)) found.set(JSON.stringify(labels), sums);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function added(...all: WindowAnswer[]): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const { groups } of all)
    for (const [id, part] of parts(groups))
      sums.set(
        id,
        part.map((value, at) => value + (sums.get(id)?.[at] ?? 0)),
      );
  return new Map(
    [...sums]
      .filter(([, part]) => part.some((sum) => sum !== 0))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const GROUPINGS: Asked[] = [
  {},
  { groupBy: ["agent"] },
  { groupBy: ["agent", "environment"] },
  { groupBy: ["agent_version", "tool"] },
  { groupBy: ["outcome", "model"] },
  { groupBy: ["error_type"], filters: { source: ["demo"] } },
  { groupBy: ["metadata.team"] },
  { filters: { model: ["claude-sonnet-5-5"] } },
  { filters: { tool: ["bash"] }, groupBy: ["agent"] },
  { filters: { error_type: ["model_overloaded_error", "mcp_connection_failed_error"] } },
  { filters: { "metadata.demo": ["true"], outcome: ["completed", "terminated"] } },
];
const grouping = fc.constantFrom(...GROUPINGS);

describe("windows of a fleet", () => {
  beforeAll(async () => {
    await truncateAll();
    const fleet = { seed: "windows", days: 4, sessions: 250 };
    await fillDemo("default", fleet, NOW.getTime() * 1000, () => {});
    // Some is added up, the rest is still on the list.
    await addUp(NOW, 900);
  }, 60_000);

  test("on whole minutes are what charts show, for every metric and grouping", async () => {
    const minute = fc.integer({ min: FIRST / MINUTE, max: NOW.getTime() / MINUTE });
    const range = fc.tuple(minute, minute).filter(([a, b]) => a < b);
    await fc.assert(
      fc.asyncProperty(
        range,
        grouping,
        fc.constantFrom("p50", "p99", "mean", "count"),
        async ([from, to], asked, agg) => {
          const window = [from * MINUTE, to * MINUTE] as const;
          const told = await answers(
            OF_SESSIONS.map((metric) => ask(metric, { ...asked, agg: agg as "p50" }, window)),
          );
          for (const [at, metric] of OF_SESSIONS.entries()) {
            const series = await chart(metric, asked, agg, window);
            expect(shown(told[at]?.groups ?? []), metric.id).toEqual(charted(series, metric));
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

async function chart(
  metric: Metric,
  asked: Asked,
  agg: string,
  [from, to]: readonly [number, number],
) {
  const { filters = {}, groupBy } = asked;
  const metadata: Record<string, string[]> = {};
  const plain: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(filters)) {
    if (name.startsWith("metadata.")) metadata[name.slice(9)] = [...values];
    else plain[name] = values;
  }
  const query = MetricsQuery.parse({
    ...plain,
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...{ metric: metric.id, agg, step: "all", limit: 200 },
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    ...(groupBy ? { group_by: [...groupBy] } : {}),
  });
  const { results } = await readMetrics("default", query, { now: NOW });
  return results[0]?.series ?? [];
}

const shown = (groups: readonly WindowGroup[]) =>
  groups
    .map(({ labels, value, numerator, denominator }) =>
      JSON.stringify([labels, value, numerator, denominator]),
    )
    .sort();
const charted = (series: readonly Series[], metric: Metric) =>
  series
    .map(({ labels, total, points: [point] }) =>
      JSON.stringify([
        labels,
        total,
        ...(metric.kind === "ratio" ? [point?.[2], point?.[3]] : [undefined, undefined]),
      ]),
    )
    .sort();
void isAdditive;
void added;
