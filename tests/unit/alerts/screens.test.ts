import { expect, it } from "vitest";
import { backtestSeries, levelsOf } from "@/components/alerts/backtest-series";
import { backtestWords, differenceWords } from "@/components/alerts/backtest-words";
import { episodeSeries } from "@/components/alerts/episode-series";
import { groupsOf } from "@/components/alerts/firing-groups-order";
import { type FleetFacts, factsOf, readyMade } from "@/components/alerts/ready-made";
import type { AlertItem, EpisodeDetail } from "@/lib/alerts/episode-schema";
import { checkRule } from "@/lib/alerts/rule";
import { NewRule } from "@/lib/alerts/rule-schema";
import type { BacktestAnswer } from "@/lib/alerts/rules-schema";

const counted = {
  ...{ total: 4, longest_ms: 42 * 60_000, median_ms: 6 * 60_000, messages: 9 },
  suppressed_by_volume: 12,
};

it("says how often a rule would have fired", () => {
  expect(backtestWords(counted, 30)).toBe(
    "Would have fired 4 times in 30 days, longest 42 min, median 6 min; 9 messages; 12 judgements suppressed by the minimum volume.",
  );
  const once = { ...counted, total: 1, messages: 1, suppressed_by_volume: 0 };
  expect(backtestWords(once, 1)).toBe(
    "Would have fired once in the last 24 h, longest 42 min; 1 message.",
  );
  const never = { ...once, total: 0, longest_ms: null, median_ms: null, messages: 0 };
  expect(backtestWords(never, 7)).toBe("Would not have fired in 7 days.");
  expect(differenceWords(once, counted)).toBe(
    "3 fewer than the saved version, which fires 4 times with 9 messages.",
  );
  expect(differenceWords(counted, never)).toBe("4 more than the saved version, which fires never.");
  expect(differenceWords(counted, counted)).toBe(
    "As often as the saved version: 4 times with 9 messages.",
  );
});

it("draws what is judged with the bounds it is judged by", () => {
  const at = (minute: number) => new Date(minute * 60_000).toISOString();
  const answer: BacktestAnswer = {
    ...{ ...counted, episodes: [], groups: 1, ticks: 3, limits: [] },
    series: [
      {
        labels: { agent: "agent_a" },
        points: [
          [at(0), 0.1],
          [at(5), null],
          [at(10), 0.4],
        ],
        states: [{ state: "firing", from: at(10), to: at(15) }],
      },
    ],
  };
  const levels = levelsOf({ fire: 0.2, recover: 0.1 });
  const drawn = backtestSeries(answer, levels, () => "triage");
  expect(drawn).toMatchObject({
    ...{ fromMs: 0, toMs: 900_000, stepMs: 300_000 },
    series: [{ label: "triage", values: [0.1, null, 0.4], total: 0.4 }],
    states: [[{ state: "firing", fromMs: 600_000, toMs: 900_000 }]],
    levels: [
      { value: 0.2, label: "fires", tone: "fail" },
      { value: 0.1, label: "recovers", tone: "ok" },
    ],
  });
  expect(levelsOf({ fire: [1, 2] }).map(({ value }) => value)).toEqual([1, 2]);
  expect(backtestSeries({ ...answer, series: [] }, [], () => "")).toBeNull();
});

it("draws an episode from runs of ticks: a value holds until the next is told", () => {
  const at = (minute: number) => new Date(minute * 60_000).toISOString();
  const step = { value: null, numerator: null, denominator: null, rule_version: 1, event: null };
  const episode = {
    ...{ labels: {}, names: {}, peak: 0.4, opened_at: at(2), closed_at: null },
    rule: { every: "1m", fire: 0.2 },
    window: { from: at(-13), to: at(2) },
    course: [
      [at(0), 0.1],
      [at(2), 0.4],
      [at(4), null],
    ],
    transitions: [
      { ...step, at: at(1), from: "inactive", to: "pending", reason: null, severity: "high" },
      { ...step, at: at(2), from: "pending", to: "firing", reason: null, severity: "high" },
    ],
  } as unknown as EpisodeDetail;
  expect(episodeSeries(episode, 6 * 60_000)).toMatchObject({
    ...{ fromMs: 0, toMs: 7 * 60_000, stepMs: 60_000 },
    series: [{ values: [0.1, 0.1, 0.4, 0.4, null, null, null] }],
    states: [
      [
        { state: "pending", fromMs: 60_000, toMs: 120_000 },
        { state: "firing", fromMs: 120_000, toMs: 420_000 },
      ],
    ],
    markers: [{ atMs: 120_000, label: "opened" }],
  });
  const long = episodeSeries(episode, 3_000 * 60_000);
  expect([long?.stepMs, long?.times.length]).toEqual([600_000, 301]);
  expect(episodeSeries({ ...episode, course: [] }, 0)).toBeNull();
});

const FACTS: FleetFacts = {
  ...{ failed: 31, settled: 1_000, costNanos: 86.2e9, p95Nanos: 1.3e9, finalErrors: 40 },
  ...{ waiting: 2, worst: { agent: "triage", rate: 0.09, settled: 200 } },
  budgets: [{ id: "bdg_1", name: "All" }],
};
const NOTHING: FleetFacts = {
  ...{ failed: 0, settled: 0, costNanos: 0, p95Nanos: null, finalErrors: 0, waiting: 0 },
  ...{ worst: null, budgets: [] },
};

it.each([
  ["a fleet", FACTS],
  ["an empty one", NOTHING],
  ["one that fails always", { ...FACTS, failed: 1_000 }],
])("ready-made rules of %s are taken by the API", (_, facts) => {
  for (const { id, rule } of readyMade(facts)) {
    const parsed = NewRule.parse(rule);
    expect([id, checkRule(parsed, () => "ratio")]).toEqual([id, []]);
  }
});

it("ready-made rules have this fleet's figures in them", () => {
  const made = new Map(readyMade(FACTS).map((one) => [one.id, one]));
  expect(made.get("failure-rate")).toMatchObject({
    why: "3.1 % of 1,000 sessions failed in the last week, most in triage (9 %).",
    rule: { fire: 0.2, window: "1h", min_volume: 10 },
  });
  expect(made.get("session-cost")?.rule.fire).toBe(5e9);
  expect(made.get("budget bdg_1")?.rule).toMatchObject({ kind: "budget", budget: "bdg_1" });
});

it("facts are what the metrics say", () => {
  const result = (series: object[]) => [{ series }] as never;
  const facts = factsOf(
    {
      rate: result([{ labels: {}, total: 0.1, points: [["t", 0.1, 3, 30]] }]),
      agents: result([
        { labels: { agent: "a" }, total: 1, points: [["t", 1, 2, 2]] },
        { labels: { agent: "b" }, total: 0.1, points: [["t", 0.1, 2, 20]] },
      ]),
      cost: result([{ labels: {}, total: 5e9, points: [] }]),
    },
    { p95Nanos: null, budgets: [] },
    (agent) => agent.toUpperCase(),
  );
  expect(facts).toMatchObject({
    ...{ failed: 3, settled: 30, costNanos: 5e9, finalErrors: 0 },
    worst: { agent: "B", rate: 0.1, settled: 20 },
  });
});

it("groups what fires by rule, and leaves alone what is alone", () => {
  const alert = (rule_id: string, severity: AlertItem["severity"], agent: string) =>
    ({
      rule_id,
      rule_name: `Rule ${rule_id}`,
      severity,
      labels: { agent },
    }) as unknown as AlertItem;
  const [a, b, c, d, e] = [
    alert("1", "critical", "a"),
    alert("2", "critical", "b"),
    alert("3", "high", "c"),
    alert("1", "high", "d"),
    alert("1", "high", "e"),
  ] as const;
  expect(groupsOf([a, b, c, d, e])).toEqual([
    {
      ...{ kind: "rule", id: "1", name: "Rule 1", alerts: [a, d, e] },
      counts: [
        ["critical", 1],
        ["high", 2],
      ],
    },
    { kind: "singles", alerts: [b, c] },
  ]);
});
