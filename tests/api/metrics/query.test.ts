import { beforeAll, describe, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { fillDemo } from "@/lib/demo/service";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import { knownBy, type Metric } from "@/lib/metrics/metric";
import { MetricsQuery, type Series } from "@/lib/metrics/query-schema";
import { readMetrics, readTotals } from "@/lib/metrics/query-service";
import { addUp, forgetMinutes } from "@/lib/metrics/rollup-service";
import { isOfSession } from "@/lib/metrics/told";
import type { Total, TotalsQuery } from "@/lib/metrics/totals";
import { truncateAll } from "@/tests/support/database";

const NOW = new Date("2026-11-20T12:00:00Z");
/** What sessions tell. */
const ALL = CATALOGUE.filter((metric) => knownBy(metric) === null).map(({ id }) => id);

async function ask(query: Record<string, unknown>, now = NOW): Promise<Map<string, Series[]>> {
  const results = [];
  // Twenty metrics are the most for one question.
  const metrics = [query.metric ?? ALL].flat();
  for (let at = 0; at < metrics.length; at += 20) {
    const parsed = MetricsQuery.parse({ ...query, metric: metrics.slice(at, at + 20) });
    results.push(...(await readMetrics("default", parsed, { now })).results);
  }
  return new Map(results.map(({ metric, series }) => [metric, series]));
}

/** A total as the other question tells it. */
function figureOf(metric: Metric, { value, below, histogram }: Omit<Total, "labels">): number {
  if (metric.kind === "distribution")
    return [...histogram.values()].reduce((sum, count) => sum + count, 0);
  if (metric.kind === "ratio") return below === 0 ? 0 : value / below;
  if (metric.kind === "gauge") return value;
  if (metric.perMinute) return value / (364 * 24 * 60);
  return value / (metric.divideBy ?? 1);
}

describe("a fleet's metrics", () => {
  beforeAll(async () => {
    await truncateAll();
    await fillDemo(
      "default",
      { seed: "metrics", days: 4, sessions: 250 },
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
    { step: "15m", from: "2026-11-19T22:07:00Z", group_by: ["agent"] },
    { step: "1d", tz: "Asia/Kathmandu" },
    { step: "12h", agg: "mean", model: "claude-sonnet-5-5" },
  ])("are the same from rollups and from the sessions' own cells: %j", async (query) => {
    const told = await ask({ ...range, ...query });
    // Every demo session has it, and no rollup knows it.
    const facts = await ask({ ...range, ...query, metadata: { demo: "true" } });
    for (const id of ALL) expect(told.get(id), id).toEqual(facts.get(id));
    expect([...told.values()].flat().some(({ total }) => total !== null && total > 0)).toBe(true);
  });

  test.each([
    { step: "1h", group_by: ["agent"] },
    { step: "1d", group_by: ["agent", "model"], limit: 2 },
    { step: "all", group_by: ["outcome"], tool: "bash" },
    { step: "30m", from: "2026-11-19T22:03:00Z" },
  ])("are the same asked at once and one by one: %j", async (query) => {
    const together = await ask({ ...range, ...query });
    for (const metric of ALL) {
      const alone = await ask({ ...range, ...query, metric });
      expect(together.get(metric), metric).toEqual(alone.get(metric));
    }
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

  test.each<[Record<string, unknown>, TotalsQuery["groups"]]>([
    [{}, []],
    [{ group_by: ["agent"] }, ["agent"]],
    [{ group_by: ["agent", "model"] }, ["agent", "model"]],
    [{ group_by: ["tool", "error_type"] }, ["tool", "error_type"]],
  ])("have totals of everything there ever was: %j", async (query, groups) => {
    const whole = { ...query, from: "2026-01-01T00:00:00Z", to: "2026-12-31T00:00:00Z" };
    for (const metric of CATALOGUE) {
      if (knownBy(metric) || (metric.kind === "gauge" && metric.oldest)) continue;
      if (groups.some((group) => isOfSession(metric, group))) continue;
      const counted = metric.kind === "distribution" ? { agg: "count" } : {};
      const asked = { ...whole, ...counted, metric: metric.id, step: "all", limit: 200 };
      const series = (await ask(asked)).get(metric.id) ?? [];
      const told = series.map(({ labels, total }) => [labels, total ?? 0] as const);
      const totals = await readTotals("default", { metric: metric.id, groups });
      const got = totals.map(({ labels, ...total }) => [labels, figureOf(metric, total)] as const);
      const sorted = (pairs: ReadonlyArray<readonly [object, number]>) =>
        pairs
          .filter(([, value]) => value !== 0)
          .map((pair) => JSON.stringify(pair))
          .sort();
      expect(sorted(got), metric.id).toEqual(sorted(told));
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

  test.each(["running", "waiting"])(
    "as many sessions are %s as the list shows",
    async (outcome) => {
      const metric = `${outcome}_sessions`;
      const [series] = (await ask({ ...range, to: NOW.toISOString(), metric })).get(metric) ?? [];
      const count = await prisma.session.count({ where: { outcome } });
      expect(series?.total).toBe(count);
      expect(series?.points.at(-1)?.[1]).toBe(count);
    },
  );

  // Of the fleet's last two days minutes are kept, of those before only hours.
  const later = new Date("2026-12-23T18:20:00Z");
  test.each([
    { step: "all", from: "2026-11-17T03:00:00Z", to: "2026-11-18T09:00:00Z" },
    { step: "1h", from: "2026-11-17T03:00:00Z", to: "2026-11-20T11:40:00Z" },
    { step: "6h", from: "2026-11-17T03:00:00Z", to: "2026-11-19T20:35:00Z", group_by: ["agent"] },
    { step: "1d", from: "2026-11-18T18:30:00Z", to: "2026-11-20T11:40:00Z", tz: "Asia/Kolkata" },
  ])("are the same where minutes are forgotten: %j", async (query) => {
    await forgetMinutes(later);
    const told = await ask({ ...query, limit: 200 }, later);
    const facts = await ask({ ...query, limit: 200, metadata: { demo: "true" } }, later);
    for (const id of ALL) expect(told.get(id), id).toEqual(facts.get(id));
    expect(told.get("turns")?.[0]?.total).toBeGreaterThan(0);
  });

  test("a range within an hour whose minutes are forgotten is told by that hour", async () => {
    const old = { from: "2026-11-17T00:00:00Z", to: "2026-11-18T12:00:00Z" };
    const hours = (await ask({ ...old, metric: "cost" }, later)).get("cost")?.[0]?.points ?? [];
    const [start] = hours.find(([, cost]) => Number(cost) > 0) ?? [""];
    const at = (minutes: number) => new Date(Date.parse(start) + minutes * 60_000).toISOString();
    const hour = { from: at(0), to: at(60), step: "all" };
    const part = { from: at(10), to: at(50), step: "all" };
    const totals = async (query: object) =>
      [...(await ask({ ...query, metric: ["model_requests", "cost"] }, later)).values()].map(
        ([series]) => series?.total,
      );
    expect(await totals(part)).toEqual(await totals(hour));
  });
});
