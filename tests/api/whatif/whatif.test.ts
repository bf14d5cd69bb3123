import { beforeAll, describe, expect, it } from "vitest";
import { GET as estimate } from "@/app/api/v1/costs/estimate/route";
import { GET } from "@/app/api/v1/costs/what-if/route";
import { fillDemo } from "@/lib/demo/service";
import { MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import type { Estimate, WhatIf } from "@/lib/whatif/schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

const NOW = Date.parse("2026-11-20T12:00:00Z");
/** Prices of Sonnet 5.5 change in it. */
const RANGE = { from: "2026-10-05T05:41:00Z", to: "2026-11-19T21:07:00Z" };

let read: { authorization: string };
beforeAll(async () => {
  await truncateAll();
  read = await bearer("read");
  await fillDemo("default", { seed: "whatif", days: 50, sessions: 120 }, NOW * 1000, () => {});
}, 60_000);

const ask = (query: [string, string][] = []) => {
  const params = new URLSearchParams(RANGE);
  for (const [name, value] of query)
    if (name === "swap") params.append(name, value);
    else params.set(name, value);
  return call(GET, `/api/v1/costs/what-if?${params}`, { headers: read });
};
const answer = async (query?: [string, string][]) => (await ask(query)).body as WhatIf;

describe("what a range would have cost", () => {
  it("is what it did, to the nano-dollar, where nothing is other", async () => {
    const { before, after, models, assumptions } = await answer();
    const query = MetricsQuery.parse({ metric: "cost", ...RANGE, step: "all" });
    const [result] = (await readMetrics("default", query, { now: new Date(NOW) })).results;
    expect(before.total_nanos).toBe(result?.series[0]?.total);
    expect(after).toEqual(before);
    expect(models.reduce((sum, { before_nanos }) => sum + before_nanos, 0)).toBe(
      before.tokens_nanos,
    );
    expect(models.every(({ before_nanos, after_nanos }) => before_nanos === after_nanos)).toBe(
      true,
    );
    expect(assumptions).toEqual([]);
  });

  it("follows discount, sessions and models", async () => {
    const { before, after } = await answer([
      ["discount", "50"],
      ["sessions", "4"],
    ]);
    expect(Math.abs(after.total_nanos - 2 * before.total_nanos)).toBeLessThanOrEqual(3);
    const swapped = await answer([["swap", "*~claude-opus-4-1"]]);
    expect(swapped.after.tokens_nanos).toBeGreaterThan(swapped.before.tokens_nanos);
    expect(swapped.after.runtime_nanos).toBe(swapped.before.runtime_nanos);
    expect(new Set(swapped.models.map(({ instead }) => instead))).toEqual(
      new Set(["claude-opus-4-1"]),
    );
    const none = await answer([["cache", "none"]]);
    expect(none.after.tokens_nanos).toBeGreaterThan(none.before.tokens_nanos);
    const unpriced = await answer([["swap", "*~nobody"]]);
    expect(unpriced.after.tokens_nanos).toBe(0);
    expect(unpriced.after.unpriced_tokens).toBe(
      unpriced.models.reduce((sum, { tokens }) => sum + tokens, 0),
    );
  });

  it("is that of the published prices, which are the own ones where there are no others", async () => {
    const { before, after } = await answer([["prices", "list"]]);
    expect(Math.abs(after.total_nanos - before.total_nanos) / before.total_nanos).toBeLessThan(
      1e-6,
    );
  });

  it.each<[[string, string][], string]>([
    [[["swap", "a"]], "swap"],
    [[["discount", "101"]], "discount"],
    [[["sessions", "0"]], "sessions"],
    [[["cache", "2h"]], "cache"],
    [
      [
        ["swap", "a~b"],
        ["swap", "a~c"],
      ],
      "swap",
    ],
    [[["to", "2026-01-01T00:00:00Z"]], "it must be before"],
  ])("says what is wrong with %j", async (query, path) => {
    const { status, body } = await ask(query);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(path);
  });
});

it("estimates what is not there yet", async () => {
  const path =
    "/api/v1/costs/estimate?model=claude-haiku-4-5&sessions_per_day=10&input_tokens=1000000";
  const { status, body } = await call(estimate, path, { headers: read });
  expect(status).toBe(200);
  expect((body as Estimate).month.total_nanos).toBe(300 * 1_000_000_000);
  expect((await call(estimate, "/api/v1/costs/estimate", { headers: read })).status).toBe(400);
});
