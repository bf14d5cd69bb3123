import { describe, expect, it } from "vitest";
import { checkRule } from "@/lib/alerts/rule";
import type { NewRule } from "@/lib/alerts/rule-schema";
import { judged, written } from "../../support/rules";

describe("a rule that is judged", () => {
  it("has its durations in milliseconds and its defaults resolved", () => {
    const rule = { kind: "threshold", metric: "turns", fire: 1, for: "2m" } as const;
    expect(judged(rule)).toMatchObject({
      ...{ everyMs: 60_000, delayMs: 60_000, forMs: 120_000, keepFiringForMs: 0 },
      ...{ windowMs: 900_000, noDataForMs: 900_000, maxStalenessMs: 86_400_000 },
    });
  });

  it("holds for three windows where there is too little, and for half an hour at least", () => {
    const rule = { kind: "threshold", metric: "turns", fire: 1 } as const;
    expect(judged({ ...rule, window: "5m" }).lowVolumeHoldMs).toBe(1_800_000);
    expect(judged({ ...rule, window: "1h" }).lowVolumeHoldMs).toBe(3 * 3_600_000);
    expect(judged({ ...rule, low_volume_hold: "0s" }).lowVolumeHoldMs).toBe(0);
  });

  it("of a burn rate has a second window of a twelfth", () =>
    expect(judged({ kind: "burn_rate", slo: 0.99, factor: 1 }).shortWindowMs).toBe(300_000));
});

const refused = (rule: Parameters<typeof written>[0]) =>
  checkRule(written(rule)).map(({ path, message }) => `${path}: ${message}`);

const RATIO = { kind: "ratio", metric: "failure_rate", fire: 0.2 } as const;
const COUNT = { kind: "threshold", metric: "tool_calls", fire: 10 } as const;
const BEAT = { kind: "absence", heartbeat: "nightly", period: "1d" } as const;
const BOTH = { kind: "composite", rules: { a: "rule_1", b: "rule_2" } } as const;

describe("what is refused of a rule", () => {
  it.each<[string, Parameters<typeof written>[0], string]>([
    ["one number for a range", { ...COUNT, op: "outside" }, "fire: `outside` needs two numbers"],
    ["a range for one number", { ...COUNT, warn: [1, 2] }, "warn: `>` needs one number"],
    ["a range the wrong way round", { ...COUNT, op: "inside", fire: [2, 1] }, "fire: the first"],
    ["a warning beyond", { ...RATIO, warn: 0.3 }, "warn: it must be reached before"],
    ["a warning below for <", { ...COUNT, op: "<", warn: 9 }, "warn: it must be reached before"],
    ["recovery on the bad side", { ...RATIO, recover: 0.25 }, "recover: it must lie on the good"],
    [
      "recovery between warning and firing",
      { ...RATIO, warn: 0.1, recover: 0.15 },
      "recover: it must lie on the good side of `warn`",
    ],
    [
      "recovery outside of a range",
      { ...COUNT, op: "outside", fire: [10, 20], recover: [9, 15] },
      "recover: it must lie on the good",
    ],
    [
      "a tier that is nearer",
      { ...RATIO, tiers: [{ fire: 0.1, severity: "critical" }] },
      "tiers.0.fire: it must lie farther",
    ],
    [
      "a tier that is no worse",
      { ...RATIO, tiers: [{ fire: 0.5, severity: "info" }] },
      "tiers.0.severity: a farther bound needs a higher severity than the rule's warning",
    ],
    ["per cent for a share", { ...RATIO, fire: 20 }, "fire: `failure_rate` is never above 1"],
    ["a ratio of a count", { ...RATIO, metric: "cost" }, "metric: `cost` is a sum, no ratio"],
    [
      "burning what is no share of errors",
      { kind: "burn_rate", metric: "utilisation", slo: 0.9, factor: 2 },
      "metric: `utilisation` is a ratio, and no share of errors",
    ],
    [
      "a factor that can never be reached",
      { kind: "burn_rate", slo: 0.9, factor: 14.4 },
      "factor: it can never fire: with an SLO of 0.9 nothing burns faster than 10 times",
    ],
    ["the factor at the edge", { kind: "burn_rate", slo: 0.9, factor: 10 }, "factor: it can never"],
    ["volume of a count", { ...COUNT, min_volume: 10 }, "min_volume: only ratios have a volume"],
    [
      "volume of a duration's change",
      { kind: "change", metric: "model_latency", fire: 1, min_volume: 10 },
      "min_volume: only ratios have a volume, and distributions of the kind threshold",
    ],
    [
      "bad ones of a duration",
      { ...COUNT, metric: "model_latency", min_bad: 2 },
      "min_bad: only ratios have a numerator",
    ],
    [
      "an interval of what is no share",
      { ...RATIO, metric: "utilisation", confidence: true },
      "confidence: the interval is for shares above a bound",
    ],
    [
      "an interval below a bound",
      { ...RATIO, op: "<", confidence: true },
      "confidence: the interval is for shares above a bound",
    ],
    [
      "an interval of a change",
      { kind: "change", metric: "failure_rate", fire: 1, confidence: true },
      "confidence: the interval is for shares above a bound",
    ],
    ["a group twice", { ...COUNT, group_by: ["agent", "agent"] }, "group_by: each name once"],
    ["groups of message text", { ...COUNT, group_by: ["error_group"] }, "group_by: `error_group`"],
    [
      "groups of sessions",
      { ...COUNT, group_by: ["metadata.session_id"] },
      "group_by: `metadata.session_id` is another for every session",
    ],
    ["buckets of calls", { ...COUNT, group_by: ["bucket"] }, "group_by: `bucket` is a dimension"],
    [
      "groups a metric does not know",
      { ...COUNT, metric: "reads_per_minute", group_by: ["agent"] },
      "group_by: `reads_per_minute` is known by connection alone",
    ],
    [
      "filters a metric does not know",
      { ...COUNT, metric: "rate_limited", filters: { agent: ["triage"] } },
      "filters.agent: `rate_limited` is known by connection alone",
    ],
    ["neither heartbeat nor metric", { kind: "absence" }, "heartbeat: name a heartbeat with"],
    ["both", { ...BEAT, metric: "turns" }, "heartbeat: name a heartbeat with"],
    ["a heartbeat without period", { kind: "absence", heartbeat: "x" }, "period: how long from"],
    ["a metric without window", { kind: "absence", metric: "turns" }, "window: how long there"],
    ["groups of a heartbeat", { ...BEAT, group_by: ["agent"] }, "group_by: a heartbeat is known"],
    [
      "absence of a ratio",
      { kind: "absence", metric: "failure_rate", window: "1h" },
      "metric: `failure_rate` is a ratio: only counts and sums can be absent",
    ],
    ["a name that is no rule", { ...BOTH, expression: "a && b && c" }, "expression: `c` is not"],
    ["a rule that is not named", { ...BOTH, expression: "a" }, "rules.b: the expression does not"],
    ["half an expression", { ...BOTH, expression: "a && b &&" }, "expression: expected a rule's"],
    [
      "agents of webhooks",
      { kind: "event", source: "webhook", filters: { agent: ["triage"] } },
      "filters.agent: a webhook is known by error_type and connection alone",
    ],
    [
      "a budget nobody is told of",
      { kind: "budget", budget: "b_1", tiers: [], forecast: false },
      "tiers: name a share of the budget",
    ],
  ])("%s", (_, rule, message) => {
    expect(refused(rule)).toEqual([expect.stringContaining(message)]);
  });

  it("of parts only rules that are there, and none that has parts itself", () => {
    const rule = written({ ...BOTH, expression: "a || b" });
    const kinds: Record<string, NewRule["kind"]> = { rule_1: "composite" };
    expect(checkRule(rule, (id) => kinds[id]).map(({ message }) => message)).toEqual([
      "a rule made of rules cannot be part of another; name its parts instead",
      "there is no rule rule_2",
    ]);
  });
});

it.each<Parameters<typeof written>[0]>([
  { ...RATIO, warn: 0.1, recover: 0.05, min_volume: 10, min_bad: 3, confidence: true },
  { ...RATIO, group_by: ["agent", "environment"], tiers: [{ fire: 0.5, severity: "critical" }] },
  { ...COUNT, op: "<", warn: 20, recover: 25 },
  { ...COUNT, op: "outside", fire: [10, 20], warn: [12, 18], recover: [12, 18] },
  { ...COUNT, op: "inside", fire: [10, 20], recover: [8, 22] },
  { ...COUNT, metric: "tokens", group_by: ["bucket"] },
  { ...COUNT, metric: "model_latency", agg: "p99", min_volume: 20 },
  { kind: "change", metric: "failure_rate", fire: 1, compare: { min_baseline: 10 } },
  { kind: "anomaly", metric: "cost", anomaly: { min_delta: 1_000_000_000 } },
  { kind: "burn_rate", slo: 0.99, factor: 14.4, min_bad: 3 },
  { ...BEAT },
  { kind: "absence", metric: "ingest_events", window: "15m", group_by: ["source"] },
  { kind: "budget", budget: "b_1" },
  { ...BOTH, expression: "!(a && b)" },
  { kind: "session", measure: "cost", fire: 5, tiers: [{ fire: 20, severity: "high" }] },
  { kind: "event" },
  { kind: "event", source: "webhook", types: ["vault.refresh_failed"] },
])("takes %j", (rule) => expect(checkRule(written(rule))).toEqual([]));
