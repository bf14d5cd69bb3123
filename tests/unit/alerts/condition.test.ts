import { describe, expect, it } from "vitest";
import { check } from "@/lib/alerts/condition";
import type { Observation } from "@/lib/alerts/observation";
import type { Judged } from "@/lib/alerts/rule";
import type { Status } from "@/lib/alerts/schema";
import { wilsonInterval } from "@/lib/metrics/wilson";
import { judged } from "../../support/rules";

const CLOSED = { open: false };
const OPEN = { open: true };
const MINUTE = 60_000;
const NOTHING: Observation = { kind: "nothing" };

const threshold = (fields: Record<string, unknown> = {}) =>
  judged({ kind: "threshold", metric: "tool_calls", fire: 10, ...fields });
const value = (number: number | null): Observation => ({ kind: "threshold", value: number });
const says = (rule: Judged, number: number, standing = CLOSED) => {
  const outcome = check(rule, value(number), standing);
  return outcome.kind === "breach" ? outcome.severity : outcome.kind;
};

describe("a value and its bound", () => {
  it.each([
    [">", 10, [9, 10], [10.01]],
    [">=", 10, [9.99], [10, 11]],
    ["<", 10, [10, 11], [9.99]],
    ["<=", 10, [10.01], [10, 9]],
    ["outside", [10, 20], [10, 15, 20], [9.9, 20.1]],
    ["inside", [10, 20], [9.9, 20.1], [10, 15, 20]],
  ])("%s %j", (op, fire, good, bad) => {
    for (const number of good) expect(says(threshold({ op, fire }), number)).toBe("ok");
    for (const number of bad) expect(says(threshold({ op, fire }), number)).toBe("warning");
  });

  it.each([
    [">", 10, 8, [7.9], [8, 9, 10]],
    [">=", 10, 8, [7.9], [8, 9]],
    ["<", 10, 12, [12.1], [12, 11]],
    ["outside", [10, 20], [12, 18], [15], [12, 18, 11, 19]],
    ["inside", [10, 20], [8, 22], [7.9, 22.1], [8, 22, 9]],
  ])("%s %j recovers past %j, strictly and only when open", (op, fire, recover, good, held) => {
    const rule = threshold({ op, fire, recover });
    for (const number of [...good, ...held.filter((one) => says(rule, one) === "ok")])
      expect(says(rule, number)).toBe("ok");
    for (const number of good) expect(says(rule, number, OPEN)).toBe("ok");
    for (const number of held) expect(says(rule, number, OPEN)).toBe("warning");
  });

  it("has the severity of the severest bound it is past, and the mildest while it is held", () => {
    const rule = threshold({
      ...{ fire: 20, warn: 10, recover: 5, severity: "high" },
      tiers: [{ fire: 50, severity: "critical" }],
    });
    expect([5, 11, 21, 51].map((number) => says(rule, number))).toEqual([
      ...["ok", "warning", "high", "critical"],
    ]);
    expect(says(rule, 7, OPEN)).toBe("warning");
    expect(says(rule, 4.9, OPEN)).toBe("ok");
  });
});

describe("volume", () => {
  const rate = (numerator: number, denominator: number): Observation => ({
    ...{ kind: "ratio", value: denominator === 0 ? null : numerator / denominator },
    ...{ numerator, denominator },
  });
  const ratio = (fields: Record<string, unknown>) =>
    judged({ kind: "ratio", metric: "failure_rate", fire: 0.2, ...fields });
  const kind = (rule: Judged, observation: Observation) => check(rule, observation, CLOSED).kind;

  it("below the least is too little to judge by", () => {
    const rule = ratio({ min_volume: 10 });
    expect(check(rule, rate(9, 9), CLOSED)).toEqual({
      ...{ kind: "low", value: 1, numerator: 9, denominator: 9 },
    });
    expect(kind(rule, rate(10, 10))).toBe("breach");
    expect(kind(rule, rate(0, 0))).toBe("low");
    expect(kind(rule, NOTHING)).toBe("low");
  });

  it("that is not asked for leaves no data where nothing was", () => {
    expect(kind(ratio({}), rate(0, 0))).toBe("no_data");
    expect(kind(ratio({}), NOTHING)).toBe("no_data");
  });

  it("with few bad ones never breaches", () => {
    const rule = ratio({ min_bad: 3 });
    expect(kind(rule, rate(2, 4))).toBe("ok");
    expect(kind(rule, rate(3, 6))).toBe("breach");
  });

  it("with confidence also needs the lower bound of the interval past it", () => {
    const rule = ratio({ confidence: true, fire: 0.5 });
    const low = (hits: number, trials: number) => wilsonInterval(hits, trials, 1.645)?.low ?? 0;
    expect([low(7, 10) > 0.5, low(70, 100) > 0.5]).toEqual([false, true]);
    expect(kind(rule, rate(7, 10))).toBe("ok");
    expect(kind(rule, rate(70, 100))).toBe("breach");
  });

  it("of counts is 0 without rows, and gauges stand at 0", () => {
    expect(check(threshold({ op: "<", fire: 1 }), NOTHING, CLOSED)).toMatchObject({
      ...{ kind: "breach", value: 0 },
    });
    const gauge = threshold({ metric: "running_sessions" });
    expect(check(gauge, value(null), CLOSED)).toMatchObject({ kind: "ok", value: 0 });
    for (const metric of ["model_latency", "sync_lag_seconds"])
      expect(check(threshold({ metric }), NOTHING, CLOSED)).toEqual({ kind: "no_data" });
  });
});

describe("change", () => {
  const change = (compare: Record<string, unknown>, fields: Record<string, unknown> = {}) =>
    judged({ kind: "change", metric: "sessions_failed", fire: 1, compare, ...fields });
  const seen = (now: number | null, baseline: number | null): Observation => ({
    ...{ kind: "change", now: { value: now }, baseline: { value: baseline } },
  });

  it("is told in proportion to the baseline, or as it is", () => {
    expect(check(change({}), seen(25, 10), CLOSED)).toMatchObject({ kind: "breach", value: 1.5 });
    expect(check(change({}), seen(20, 10), CLOSED)).toMatchObject({ kind: "ok", value: 1 });
    const absolute = change({ mode: "absolute" }, { fire: 14 });
    expect(check(absolute, seen(25, 10), CLOSED)).toMatchObject({ kind: "breach", value: 15 });
  });

  it("cannot be told from nothing, nor from too small a baseline", () => {
    expect(check(change({}), seen(25, 0), CLOSED).kind).toBe("low");
    expect(check(change({ min_baseline: 11 }), seen(25, 10), CLOSED).kind).toBe("low");
    expect(check(change({}), NOTHING, CLOSED).kind).toBe("low");
    const ratio = change({ min_baseline: 20 }, { metric: "failure_rate" });
    const rates = (denominator: number): Observation => ({
      kind: "change",
      now: { value: 0.5, numerator: 10, denominator: 20 },
      baseline: { value: 0.1, numerator: 0.1 * denominator, denominator },
    });
    expect(check(ratio, rates(10), CLOSED).kind).toBe("low");
    expect(check(ratio, rates(20), CLOSED)).toMatchObject({ kind: "breach", denominator: 20 });
  });

  it("by too little is none", () =>
    expect(check(change({ min_delta: 16 }), seen(25, 10), CLOSED).kind).toBe("ok"));
});

describe("anomaly", () => {
  const seen = (number: number, history: number[]): Observation => ({
    ...{ kind: "anomaly", value: number, history },
  });
  // Median 10, deviations 2 1 0 1 4: their median is 1.
  const HISTORY = [8, 9, 10, 11, 14];
  const kind = (anomaly: Record<string, unknown>, observation: Observation) =>
    check(judged({ kind: "anomaly", metric: "cost", anomaly }), observation, CLOSED).kind;

  it("is farther from the median than so many spreads", () => {
    expect(kind({}, seen(14.4, HISTORY))).toBe("ok");
    expect(kind({}, seen(14.5, HISTORY))).toBe("breach");
    expect(kind({ spreads: 4 }, seen(14.5, HISTORY))).toBe("ok");
  });

  it("looks to the side it is told", () => {
    expect(kind({}, seen(1, HISTORY))).toBe("ok");
    expect(kind({ direction: "below" }, seen(1, HISTORY))).toBe("breach");
    expect(kind({ direction: "both" }, seen(1, HISTORY))).toBe("breach");
    expect(kind({ direction: "below" }, seen(100, HISTORY))).toBe("ok");
  });

  it("needs three seasons and the least distance", () => {
    expect(kind({}, seen(100, [10, 10]))).toBe("low");
    expect(kind({}, seen(11, [10, 10, 10]))).toBe("breach");
    expect(kind({ min_delta: 5 }, seen(11, [10, 10, 10]))).toBe("ok");
    expect(kind({}, seen(10, [10, 10, 10]))).toBe("ok");
  });
});

describe("burn rate", () => {
  const rule = judged({ kind: "burn_rate", slo: 0.99, factor: 14.4, min_bad: 3, min_volume: 10 });
  const seen = (long: [number, number], short: [number, number]) => {
    const [one, other] = [long, short].map(([numerator, denominator]) => ({
      ...{ numerator, denominator },
    }));
    if (!one || !other) throw new Error("there are two windows");
    return check(rule, { kind: "burn_rate", long: one, short: other }, CLOSED);
  };

  it("needs both windows above the factor", () => {
    expect(seen([20, 100], [5, 10])).toMatchObject({ kind: "breach", numerator: 20 });
    expect(seen([20, 100], [1, 10]).kind).toBe("ok");
    expect(seen([10, 100], [5, 10]).kind).toBe("ok");
  });

  it("needs volume and bad ones enough", () => {
    expect(seen([5, 9], [5, 9]).kind).toBe("low");
    expect(seen([20, 100], [0, 0]).kind).toBe("low");
    expect(seen([2, 10], [2, 2]).kind).toBe("ok");
  });
});

describe("absence", () => {
  const age = (ageMs: number | null, ruleAgeMs = 0): Observation => ({
    ...{ kind: "heartbeat", ageMs, ruleAgeMs },
  });
  const beat = (fields: Record<string, unknown> = {}) =>
    judged({ kind: "absence", heartbeat: "nightly", period: "10m", grace: "2m", ...fields });

  it("of a heartbeat is told after its period and grace", () => {
    expect(check(beat(), age(12 * MINUTE - 1), CLOSED).kind).toBe("ok");
    expect(check(beat(), age(12 * MINUTE), CLOSED)).toMatchObject({ kind: "breach", value: 720 });
  });

  it("of a first one is told where it is expected, from the rule's beginning on", () => {
    expect(check(beat(), age(null, 60 * MINUTE), CLOSED).kind).toBe("low");
    const expecting = beat({ expect_first: true });
    expect(check(expecting, age(null, 11 * MINUTE), CLOSED).kind).toBe("ok");
    expect(check(expecting, age(null, 12 * MINUTE), CLOSED).kind).toBe("breach");
  });

  it("of a metric is none over the window, where there was some before", () => {
    const rule = judged({ kind: "absence", metric: "ingest_events", window: "15m" });
    const seen = (count: number, everSeen: boolean): Observation => ({
      ...{ kind: "absence", count, everSeen, ruleAgeMs: 100 * MINUTE },
    });
    expect(check(rule, seen(1, true), CLOSED).kind).toBe("ok");
    expect(check(rule, seen(0, true), CLOSED).kind).toBe("breach");
    expect(check(rule, seen(0, false), CLOSED).kind).toBe("low");
  });
});

describe("composite", () => {
  const rule = judged({
    ...{ kind: "composite", rules: { a: "rule_1", b: "rule_2" } },
    expression: "a && !b",
  });
  const kind = (parts: Record<string, Status>) =>
    check(rule, { kind: "composite", parts }, CLOSED).kind;

  it("takes what fires or recovers for firing, and what is not there for not firing", () => {
    expect(kind({ a: "firing" })).toBe("breach");
    expect(kind({ a: "recovering", b: "pending" })).toBe("breach");
    expect(kind({ a: "firing", b: "firing" })).toBe("ok");
    expect(kind({ a: "no_data" })).toBe("ok");
    expect(kind({})).toBe("ok");
  });
});

describe("session", () => {
  const rule = judged({ kind: "session", measure: "cost", op: ">=", fire: 5 });

  it("that ended says how far its last value had come", () => {
    const seen = (number: number, ended: boolean): Observation => ({
      ...{ kind: "session", value: number, ended },
    });
    expect(check(rule, seen(5, false), CLOSED).kind).toBe("breach");
    expect(check(rule, seen(5, true), CLOSED)).toEqual({
      ...{ kind: "ended", value: 5, severity: "warning" },
    });
    expect(check(rule, seen(4, true), OPEN)).toEqual({ kind: "ended", value: 4, severity: null });
  });
});

it("an error is one of every kind, and what is of another kind is refused", () => {
  expect(check(threshold(), { kind: "error" }, OPEN)).toEqual({ kind: "error" });
  expect(() => check(threshold(), { kind: "composite", parts: {} }, OPEN)).toThrow(
    "A rule of the kind threshold was given what is of composite.",
  );
});
