import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { findMetric } from "@/lib/metrics/catalogue";
import { counterOf } from "@/lib/metrics/counting";
import { type EdgeFacts, momentsOf, rowsWithin, takeApart } from "@/lib/metrics/edges";
import { observed } from "@/lib/metrics/histogram";
import { type Metric, termsOf } from "@/lib/metrics/metric";
import { NEVER } from "@/lib/metrics/rollup";
import type { Cell, SpanFacts } from "@/lib/metrics/schema";
import { cutWindow, wholeMinutes } from "@/lib/metrics/window";

const MINUTE = 60_000;
const edge = (minute: number, fromMs: number, toMs: number) => ({
  ...{ minute, fromUs: fromMs * 1000, toUs: toMs * 1000 },
});

describe("a window", () => {
  it.each<[string, number, number, ReturnType<typeof cutWindow>["whole"], object[]]>([
    ["of whole minutes", 600_000, 720_000, { from: 10, to: 12 }, []],
    [
      "that begins and ends within minutes",
      ...([590_500, 725_001] as const),
      { from: 10, to: 12 },
      [edge(9, 590_500, 600_000), edge(12, 720_000, 725_001)],
    ],
    ["within one minute", 601_000, 659_999, null, [edge(10, 601_000, 659_999)]],
    [
      "over the end of a minute",
      ...([599_999, 600_001] as const),
      null,
      [edge(9, 599_999, 600_000), edge(10, 600_000, 600_001)],
    ],
    ["up to the end of a minute", 599_000, 600_000, null, [edge(9, 599_000, 600_000)]],
    ["without an end", 590_500, Infinity, { from: 10, to: NEVER }, [edge(9, 590_500, 600_000)]],
  ])("%s is cut", (_, fromMs, toMs, whole, edges) => {
    expect(cutWindow({ fromMs, toMs }, 0)).toEqual({ whole, edges, fromMs, toMs });
  });

  it("is told by whole hours where minutes are kept no more", () => {
    const range = { fromMs: 61 * MINUTE + 1, toMs: 130 * MINUTE };
    expect(cutWindow(range, 120)).toEqual({
      ...{ whole: { from: 60, to: 130 }, edges: [] },
      ...{ fromMs: 60 * MINUTE, toMs: 130 * MINUTE },
    });
    expect(cutWindow(range, 180).whole).toEqual({ from: 60, to: 180 });
  });

  it.each([
    [0, 120_000, 0, 2],
    [30_000, 90_000, 0, 1],
    [59_999, 120_001, 0, 2],
    [61_000, 62_000, 1, 2],
  ])("of %d to %d ms is, by the minute, that from %d to %d", (fromMs, toMs, from, to) => {
    expect(wholeMinutes({ fromMs, toMs }).whole).toEqual({ from, to });
  });
});

const cell = (family: Cell["family"], measures: Cell["measures"], key = ""): Cell => ({
  ...{ minute: 10, family, key, measures, observations: [] },
});
const facts = (cells: Cell[], spans: Partial<SpanFacts>[] = [], settledUs = 0): EdgeFacts => ({
  minute: 10,
  session: {
    dimensions: { agent: "a", agent_version: "", environment: "", deployment: "", source: "" },
    labels: {
      ...{ metadata: { tenant: "acme" }, outcome: "completed", model: "", connection: "" },
      ...{ config: "", models: [], tools: ["bash", "read"], error_types: [] },
      ...{ mcp_servers: [], error_groups: [] },
    },
    ...{ startedUs: 600_000_001, settledUs, lastUs: null },
    pricing: {
      session: { model: null, geo: null, speed: null },
      ...{ threads: new Map(), runtimeBilled: true, book: PRICE_BOOK },
    },
  },
  cells,
  spans: spans.map((span) => ({
    ...{ kind: "", threadId: "", name: "", startedUs: null, endedUs: null, state: "ok" },
    ...{ tokens: null, startEventId: "e", attributes: {} },
    ...span,
  })),
});

describe("a session's minute", () => {
  const families = new Set(["started", "settled", "tool", "runtime"] as const);
  const told = (one: EdgeFacts) =>
    momentsOf(one, families).map(({ us, family, measures }) => [us, family, measures]);

  it("is what its spans give, each at its instant", () => {
    const call = { kind: "tool", name: "bash", startedUs: 601_000_000, endedUs: 602_000_000 };
    const later = { ...call, endedUs: 661_000_000 };
    const measures = { count: 1, failed: 0, denied: 0, ms: 1_000 };
    const stored = { ...cell("tool", measures, "bash"), observations: [observed(1_000, 1)] };
    expect(told(facts([stored], [call, later]))).toEqual([[602_000_000, "tool", measures]]);
  });

  it.each<[string, Cell, number, unknown]>([
    ["its row", cell("settled", { count: 1 }), 633_000_000, [633_000_000, "settled", { count: 1 }]],
    ["its start", cell("started", { count: 1 }), 0, [600_000_001, "started", { count: 1 }]],
    ["nobody any more", cell("tool", { count: 2 }), 0, [600_000_000, "tool", { count: 2 }]],
  ])("has what %s tells beside them", (_, stored, settledUs, expected) => {
    expect(told(facts([stored], [], settledUs))).toEqual([expected]);
  });

  test("cut anywhere, comes to the cells in all", () => {
    const running = {
      kind: "state",
      name: "running",
      startedUs: 590_000_250,
      endedUs: 640_000_000,
    };
    const stored = [cell("runtime", { ms: 40_000, nanos: 888_889 })];
    const minute = takeApart([facts(stored, [running])], families).get(10) ?? new Map();
    const metric = findMetric("cost_runtime") as Metric;
    const counter = counterOf({ metric, groups: [], filter: {} });
    const nanos = (fromUs: number, toUs: number) =>
      rowsWithin(minute, counter, {
        ...{ terms: termsOf(metric), bucket: 0, stretch: { fromUs, toUs } },
      }).reduce((sum, { sums }) => sum + (sums[0] ?? 0), 0);
    expect(nanos(640_000_000, 660_000_000)).toBe(0);
    const cuts = fc.array(fc.integer({ min: 600_000_000, max: 660_000_000 }), { maxLength: 9 });
    fc.assert(
      fc.property(cuts, (at) => {
        const all = [600_000_000, ...at, 660_000_000].sort((a, b) => a - b);
        const parts = all.slice(1).map((to, n) => nanos(all[n] ?? 0, to));
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(888_889);
      }),
    );
  });
});

test("a ratio counts a session under each of its tools, and filters ask the whole session", () => {
  const metric = findMetric("failure_rate") as Metric;
  const [counted] = takeApart([facts([cell("settled", { count: 1 })])], new Set(["settled"]))
    .get(10)
    ?.get("settled") ?? [undefined];
  if (!counted) throw new Error("nothing is counted");
  const by = (filter: object) =>
    counterOf({ metric, groups: ["agent", "tool", "metadata.tenant"], filter });
  expect(by({}).labelsOf(counted)).toEqual([
    ["a", "bash", "acme"],
    ["a", "read", "acme"],
  ]);
  const fits = (filter: object) => by(filter).fits(counted);
  expect(fits({ tool: ["read"], metadata: { tenant: "acme" }, agent: ["a"] })).toBe(true);
  expect([fits({ tool: ["x"] }), fits({ metadata: { tenant: ["x"] } })]).toEqual([false, false]);
  expect([fits({ metadata: { odd: "" } }), fits({ agent: ["b"] })]).toEqual([false, false]);
});
