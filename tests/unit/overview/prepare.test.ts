import { describe, expect, it } from "vitest";
import {
  costSeries,
  outcomeSeries,
  overviewKey,
  overviewParams,
} from "@/components/overview/prepare";
import type { Overview } from "@/lib/overview/schema";
import { OverviewQuery } from "@/lib/overview/schema";
import type { Scope } from "@/lib/time/range";

const NOW = Date.UTC(2026, 10, 20, 14);
const figure = { value: 0, previous: null, points: [0, 0] };
const overview: Overview = {
  any: true,
  from: "2026-11-20T12:00:00Z",
  to: "2026-11-20T14:00:00Z",
  compared: null,
  step_ms: 3_600_000,
  times: ["2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z"],
  attention: [],
  figures: {
    sessions: figure,
    failure_rate: { value: null, previous: null, failed: 0, settled: 0, points: [null, null] },
    cost_nanos: { ...figure, unpriced_tokens: 0 },
    session_hours: figure,
  },
  outcomes: [
    { outcome: "terminated", values: [0, 1] },
    { outcome: "completed", values: [3, 4] },
    { outcome: "refused", values: [1, 0] },
  ],
  cost: [{ meter: "tokens", values: [5, 6] }],
  concurrency: [2, null],
  agents: [],
  agents_total: 0,
  running: [],
  running_total: 0,
  waiting_total: 0,
};
const scope: Scope = { range: { kind: "preset", preset: "1h" }, compare: "week", tz: null };

describe("charts of the overview", () => {
  it("stack outcomes in the fixed order, whatever order they come in", () => {
    const { series, times, stepMs } = outcomeSeries(overview);
    expect(series.map((item) => [item.key, item.values])).toEqual([
      ["completed", [3, 4]],
      ["refused", [1, 0]],
      ["terminated", [0, 1]],
    ]);
    expect(new Set(series.map((item) => item.color)).size).toBe(3);
    expect(times).toEqual([NOW - 2 * 3_600_000, NOW - 3_600_000]);
    expect(stepMs).toBe(3_600_000);
  });

  it("give a meter the same colour everywhere", () => {
    expect(costSeries(overview).series).toEqual([
      { key: "tokens", label: "Tokens", color: "var(--series-1)", values: [5, 6] },
    ]);
  });
});

describe("what is asked for", () => {
  it("is what the API takes", () => {
    const params = overviewParams(scope, "Europe/Berlin", NOW);
    expect(OverviewQuery.parse(Object.fromEntries(params))).toEqual({
      from: "2026-11-20T13:00:00.000Z",
      to: "2026-11-20T14:00:00.000Z",
      compare: "week",
      tz: "Europe/Berlin",
    });
  });

  it("leaves both ends to the server for all time", () => {
    const all: Scope = { ...scope, range: { kind: "preset", preset: "all" } };
    expect([...overviewParams(all, "UTC", NOW).keys()]).toEqual(["compare", "tz"]);
  });

  it("has one name while the clock moves, another per range, comparison and zone", () => {
    expect(overviewKey(scope, "UTC")).toBe(overviewKey({ ...scope }, "UTC"));
    expect(overviewKey(scope, "UTC")).not.toBe(overviewKey({ ...scope, compare: "day" }, "UTC"));
    expect(overviewKey(scope, "UTC")).not.toBe(overviewKey(scope, "Asia/Tokyo"));
  });
});
