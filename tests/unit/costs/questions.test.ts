import { describe, expect, it } from "vitest";
import { byOf, costQuestions, costsKey, topParams } from "@/components/costs/questions";
import { type Asked, filtersOf, sessionsKey } from "@/components/metrics/asked";
import { readQuery } from "@/lib/http/query";
import { MetricsQuery } from "@/lib/metrics/query-schema";
import { stepOf } from "@/lib/metrics/step";
import { SessionsQuery } from "@/lib/sessions/query-schema";
import type { PresetId, Scope } from "@/lib/time/range";

const NOW = Date.UTC(2026, 10, 20, 14);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const url = (text: string) => new URLSearchParams(text);
const preset = (id: PresetId, compare: Scope["compare"] = "previous"): Scope => ({
  range: { kind: "preset", preset: id },
  compare,
  tz: null,
});
const asked = (params: string, scope = preset("24h")): Asked => ({
  ...{ params: url(params), scope, tz: "Europe/Berlin" },
});
const parsed = (params: URLSearchParams | undefined) =>
  MetricsQuery.parse(readQuery(`http://page/?${params}`));

describe("what costs are divided by", () => {
  it.each([
    ["", "meter"],
    ["by=agent_version", "agent_version"],
    ["by=metadata.tenant", "metadata.tenant"],
    ["by=metadata.", "meter"],
    ["by=settled", "meter"],
  ])("%s: %s", (text, by) => expect(byOf(url(text))).toBe(by));
});

describe("the filters of the URL", () => {
  it("are those that cost has, in one order", () => {
    const params = url("q=x&sort=cost&by=agent&model=b&metadata.tenant=acme&model=a&failed=true");
    expect(`${filtersOf(params)}`).toBe("metadata.tenant=acme&model=a&model=b");
  });
});

describe("the step of a range", () => {
  it.each([
    [15 * 60_000, "1m"],
    [6 * HOUR, "5m"],
    [DAY, "30m"],
    [2 * DAY, "1h"],
    [7 * DAY, "3h"],
    [14 * DAY, "6h"],
    [30 * DAY, "1d"],
    [1_400 * DAY, "1d"],
    [2_000 * DAY, "all"],
  ])("of %d ms is %s", (length, step) => {
    expect(stepOf({ fromMs: NOW - length, toMs: NOW }, NOW).step).toBe(step);
  });

  it("is an hour where minutes are kept no more", () => {
    const fromMs = NOW - 40 * DAY;
    expect(stepOf({ fromMs, toMs: fromMs + HOUR }, NOW).step).toBe("1h");
  });
});

describe("what is asked", () => {
  it("is what the API takes, of one range and the one before", () => {
    const { figures, before } = costQuestions(asked("agent=a&agent=b"), NOW, Number.NaN);
    expect(parsed(figures)).toMatchObject({
      from: "2026-11-19T14:00:00.000Z",
      to: "2026-11-20T14:00:00.000Z",
      step: "30m",
      tz: "Europe/Berlin",
      agent: ["a", "b"],
    });
    expect(parsed(before)).toMatchObject({
      from: "2026-11-18T14:00:00.000Z",
      to: "2026-11-19T14:00:00.000Z",
      step: "all",
    });
  });

  it("names a version by its agent, too, and draws ten groups", () => {
    const { trend, rows } = costQuestions(asked("by=agent_version"), NOW, Number.NaN);
    expect(parsed(trend)).toMatchObject({
      ...{ metric: ["cost"], group_by: ["agent", "agent_version"], limit: 10 },
    });
    expect(parsed(rows)).toMatchObject({ step: "all", limit: 200 });
  });

  it.each([
    ["by=bucket", ["tokens"]],
    ["by=model", ["cost", "tokens", "cache_hit_ratio", "unpriced_tokens"]],
  ])("is of %s only what it can be divided by", (text, metrics) => {
    const { rows } = costQuestions(asked(text), NOW, Number.NaN);
    expect(parsed(rows).metric).toEqual(metrics);
  });

  it("has no groups for the meter, and nothing before where nothing is compared", () => {
    const names = Object.keys(costQuestions(asked("", preset("24h", "none")), NOW, Number.NaN));
    expect(names).toEqual(["figures", "context", "buckets", "unpriced"]);
  });

  it("begins all time with the first session", () => {
    const first = Date.UTC(2026, 9, 1);
    const { figures, before } = costQuestions(asked("", preset("all")), NOW, first);
    expect(parsed(figures)).toMatchObject({ from: "2026-10-01T00:00:00.000Z", step: "1d" });
    expect(before).toBeUndefined();
    const { figures: none } = costQuestions(asked("", preset("all")), NOW, Number.NaN);
    expect(parsed(none).from).toBe("2026-11-19T14:00:00.000Z");
  });

  it("has one name for one URL, whatever the table's order", () => {
    const key = costsKey(asked("by=agent&model=a"));
    expect(costsKey(asked("model=a&sort=tokens&order=asc&by=agent"))).toBe(key);
    expect(costsKey(asked("by=model&model=a"))).not.toBe(key);
    expect(costsKey(asked("by=agent"))).not.toBe(key);
    expect(costsKey(asked("by=agent&model=a", preset("7d")))).not.toBe(key);
  });
});

describe("the dearest sessions", () => {
  it("are the ten of the filter that cost most, whatever the page divides by", () => {
    const params = topParams(asked("by=agent&model=a&sort=tokens&order=asc"), NOW);
    expect(SessionsQuery.parse(readQuery(`http://page/?${params}`))).toMatchObject({
      ...{ by: "active", model: ["a"], sort: "cost", order: "desc", limit: 10 },
    });
  });

  it("are named by filter and range alone", () => {
    expect(sessionsKey(asked("by=agent&range=7d&sort=tokens"))).toBe(
      sessionsKey(asked("range=7d")),
    );
  });
});
