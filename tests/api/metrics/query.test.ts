import { beforeAll, describe, expect, test } from "vitest";
import { fillDemo } from "@/lib/demo/service";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import { MetricsQuery, type Series } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { addUp } from "@/lib/metrics/rollup-service";
import { truncateAll } from "@/tests/support/database";

const NOW = new Date("2026-11-20T12:00:00Z");
const ALL = CATALOGUE.map(({ id }) => id);

async function ask(query: Record<string, unknown>): Promise<Map<string, Series[]>> {
  const results = [];
  // Twenty metrics are the most for one question.
  const metrics = [query.metric ?? ALL].flat();
  for (let at = 0; at < metrics.length; at += 20) {
    const parsed = MetricsQuery.parse({ ...query, metric: metrics.slice(at, at + 20) });
    results.push(...(await readMetrics("default", parsed, { now: NOW })).results);
  }
  return new Map(results.map(({ metric, series }) => [metric, series]));
}

describe("a fleet's metrics", () => {
  beforeAll(async () => {
    await truncateAll();
    await fillDemo(
      "default",
      { seed: "metrics", days: 4, sessions: 70 },
      NOW.getTime() * 1000,
      () => {},
    );
    // Some is added up, the rest is still on the list.
    await addUp(NOW, 900);
  }, 60_000);

  const range = { from: "2026-11-17T03:17:00Z", to: "2026-11-20T11:40:00Z", limit: 200 };
  test.each([
    { step: "all" },
    { step: "1h" },
    { step: "1d", tz: "America/New_York" },
    { step: "5m", from: "2026-11-19T22:03:00Z" },
    { step: "6h", group_by: ["agent"] },
    { step: "all", group_by: ["agent", "model"] },
    { step: "all", group_by: ["agent_version", "tool"] },
    { step: "all", group_by: ["outcome"], source: "demo" },
    { step: "3h", agg: "p99", group_by: ["environment"] },
    { step: "12h", agg: "mean", model: "claude-sonnet-5-5" },
  ])("are the same from rollups and from the sessions' own cells: %j", async (query) => {
    const told = await ask({ ...range, ...query });
    // Every demo session has it, and no rollup knows it.
    const facts = await ask({ ...range, ...query, metadata: { demo: "true" } });
    for (const id of ALL) expect(told.get(id), id).toEqual(facts.get(id));
    expect([...told.values()].flat().some(({ total }) => total !== null && total > 0)).toBe(true);
  });

  test("parts sum to the whole, with the smallest groups as other", async () => {
    const query = { ...range, step: "1d" };
    const whole = await ask({ ...query, metric: ["cost", "tool_calls", "failure_rate"] });
    const parts = await ask({
      ...query,
      metric: ["cost", "tool_calls", "failure_rate"],
      group_by: "agent",
      limit: 2,
    });
    for (const [id, series] of parts) {
      expect(series).toHaveLength(3);
      expect(series.at(-1)?.labels).toEqual({ agent: "other" });
      const at = id === "failure_rate" ? 3 : 1;
      for (const [bucket, point] of (whole.get(id)?.[0]?.points ?? []).entries()) {
        const sum = series.reduce((total, one) => total + Number(one.points[bucket]?.[at]), 0);
        expect(sum, `${id} ${bucket}`).toBe(point[at]);
      }
    }
  });

  test("tokens by bucket sum to all tokens", async () => {
    const whole = await ask({ ...range, step: "all", metric: "tokens" });
    const parts = await ask({ ...range, step: "all", metric: "tokens", group_by: "bucket" });
    const series = parts.get("tokens") ?? [];
    expect(series.map(({ labels }) => labels.bucket).sort()).toEqual([
      "cache_read",
      "cache_write_1h",
      "cache_write_5m",
      "input",
      "output",
    ]);
    const sum = series.reduce((total, one) => total + (one.total ?? 0), 0);
    expect(sum).toBe(whole.get("tokens")?.[0]?.total);
  });
});
