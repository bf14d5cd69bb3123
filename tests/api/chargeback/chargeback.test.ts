import { beforeAll, describe, expect, it } from "vitest";
import { GET } from "@/app/api/v1/costs/export/route";
import { nanosOfDollars } from "@/lib/costs/dollars";
import { fillDemo } from "@/lib/demo/service";
import { MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const RANGE = { from: "2026-11-17T05:41:00Z", to: "2026-11-19T21:07:00Z" };

let read: { authorization: string };
beforeAll(async () => {
  await truncateAll();
  read = await bearer("read");
  await fillDemo("default", { seed: "chargeback", days: 4, sessions: 80 }, NOW * 1000, () => {});
}, 60_000);

const exported = (query: Record<string, string>) =>
  call(GET, `/api/v1/costs/export?${new URLSearchParams({ ...RANGE, ...query })}`, {
    headers: read,
  });

/** Nothing that the simulator names has a comma or a quote. */
async function rowsOf(query: Record<string, string>): Promise<Record<string, string>[]> {
  const { text } = await exported(query);
  expect(text).not.toContain('"');
  const [head = "", ...lines] = text.trim().split("\n");
  const names = head.split(",");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((cell, at) => [names[at] ?? "", cell])),
  );
}

const nanos = (text = "") =>
  text.startsWith("-") ? -(nanosOfDollars(text.slice(1)) ?? NaN) : (nanosOfDollars(text) ?? NaN);

async function costOf(filters: object = {}): Promise<number> {
  const query = MetricsQuery.parse({ metric: "cost", ...RANGE, step: "all", ...filters });
  const { results } = await readMetrics("default", query, { now: new Date(NOW) });
  return results[0]?.series[0]?.total ?? 0;
}

describe("what each cost centre is to pay", () => {
  it.each([
    [{}, {}],
    [{ tz: "America/New_York" }, {}],
    [{ cost_centre: "tenant" }, {}],
    [{ cost_centre: "nobody" }, {}],
    [{ cost_centre: "tenant", source: "demo" }, { source: "demo" }],
  ])("adds up to the cost of the range, to the nano-dollar: %j", async (query, filters) => {
    const rows = await rowsOf(query);
    const sum = rows.reduce((total, { cost_usd }) => total + nanos(cost_usd), 0);
    const cost = await costOf(filters);
    expect(cost).toBeGreaterThan(0);
    expect(sum).toBe(cost);
  });

  it("is a row for each day, cost centre, agent, meter and model", async () => {
    const rows = await rowsOf({ cost_centre: "tenant", tz: "Europe/Berlin" });
    const ids = rows.map(({ from, cost_centre, agent_id, meter, model }) =>
      [from, cost_centre, agent_id, meter, model].join(),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect([...new Set(rows.map(({ from }) => from))].sort()).toEqual([
      "2026-11-17T05:41:00Z",
      "2026-11-17T23:00:00Z",
      "2026-11-18T23:00:00Z",
    ]);
    expect(rows.at(-1)?.to).toBe("2026-11-19T21:07:00Z");
    expect(new Set(rows.map(({ cost_centre }) => cost_centre)).size).toBeGreaterThan(2);
    expect(rows.every(({ agent_name }) => agent_name !== "")).toBe(true);
  });

  it("has the columns of FOCUS, with the same money", async () => {
    const { text, status, headers } = await exported({ format: "focus" });
    expect(status).toBe(200);
    expect(headers.get("content-disposition")).toBe('attachment; filename="focus.csv"');
    const [head = "", first = ""] = text.split("\n");
    const names = head.split(",");
    for (const name of [
      ...["BilledCost", "BillingCurrency", "BillingPeriodStart", "ChargeCategory", "EffectiveCost"],
      ...["ListCost", "ContractedCost", "PricingUnit", "ProviderName", "ServiceCategory", "Tags"],
    ])
      expect(names).toContain(name);
    const cells = first.split(",");
    const cell = (name: string) => cells[names.indexOf(name)];
    expect(cell("BillingPeriodStart")).toBe("2026-11-01T00:00:00Z");
    expect(cell("BillingPeriodEnd")).toBe("2026-12-01T00:00:00Z");
    expect(cell("EffectiveCost")).toBe(cell("BilledCost"));
  });

  it("needs a range, of at most 400 days", async () => {
    expect((await exported({ from: RANGE.to, to: RANGE.from })).status).toBe(400);
    expect((await exported({ from: "2025-01-01T00:00:00Z" })).status).toBe(400);
    expect((await exported({ format: "pdf" })).status).toBe(400);
  });
});
