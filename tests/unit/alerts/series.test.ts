import { describe, expect, it } from "vitest";
import { testFileOf, testSeries } from "@/lib/alerts/rule-test";
import { SeriesFile } from "@/lib/alerts/scenario-schema";
import { answerOf, seriesOf } from "@/lib/alerts/series";
import { written } from "../../support/rules";

const MINUTE = 60_000;

describe("a series", () => {
  const values = (text: string) =>
    seriesOf({ series: "turns", values: text }, MINUTE).samples.map(({ value }) => value);

  it.each([
    ["1 2 3", [1, 2, 3]],
    ["1+2x3", [1, 3, 5, 7]],
    ["10-2x2 0", [10, 8, 6, 0]],
    ["5x2", [5, 5, 5]],
    ["1 _ 2 _x2 stale", [1, null, 2, null, null, "stale"]],
    ["-1.5 0.25", [-1.5, 0.25]],
  ])("%s", (text, wanted) => expect(values(text)).toEqual(wanted));

  it("has labels with whatever in them", () => {
    const series = 'turns{agent="a, \\"b\\"", metadata.team="ops"}';
    expect(seriesOf({ series, values: "1" }, MINUTE).labels).toEqual({
      ...{ agent: 'a, "b"', "metadata.team": "ops" },
    });
  });

  it.each([
    ["{a}", "1", "`{a}` is no series"],
    ["nonsense", "1", "there is no metric nonsense"],
    ["turns{agent=a}", "1", "`{agent=a}` are no labels"],
    ["turns", "one", "`one` is no value"],
    ["turns", "1+2", "`1+2` lacks how often"],
    ["failure_rate", "1", "`failure_rate` is a ratio: give failure_rate:numerator"],
    ["turns:numerator", "1", "`turns` is a count and has no numerator"],
  ])("%s %s is refused: %s", (series, text, message) =>
    expect(() => seriesOf({ series, values: text }, MINUTE)).toThrow(message),
  );
});

describe("what the metrics would answer", () => {
  const ask = (series: Record<string, string>, question: object) =>
    answerOf(
      Object.entries(series).map(([name, values]) => seriesOf({ series: name, values }, MINUTE)),
      {
        ...{ metric: "turns", filters: {}, groupBy: [], fromMs: MINUTE, toMs: 3 * MINUTE },
        ...question,
      },
    );

  it("is the sum of what happened in the window, its end left out", () =>
    expect(ask({ turns: "1 2 4 8" }, {})).toEqual([{ labels: {}, value: 6 }]));

  it("is told by label set, of those that are asked for", () => {
    const series = {
      'turns{agent="a",model="x"}': "1x9",
      'turns{agent="a",model="y"}': "2x9",
      'turns{agent="b",model="x"}': "4x9",
      'turns{agent="c",model="x"}': "1 _x9",
    };
    expect(ask(series, { groupBy: ["agent"] })).toEqual([
      { labels: { agent: "a" }, value: 6 },
      { labels: { agent: "b" }, value: 8 },
    ]);
    expect(ask(series, { filters: { model: ["y"] } })).toEqual([{ labels: {}, value: 4 }]);
  });

  it("of a ratio has both parts", () => {
    const series = { "failure_rate:numerator": "1x9", "failure_rate:denominator": "4x9" };
    expect(ask(series, { metric: "failure_rate" })).toEqual([
      { labels: {}, value: 0.25, numerator: 2, denominator: 8 },
    ]);
  });

  it("of a distribution is of its samples, of a gauge its last", () => {
    const latency = { model_latency: "9 30 10 99" };
    expect(ask(latency, { metric: "model_latency", agg: "p95" })[0]?.value).toBe(30);
    expect(ask(latency, { metric: "model_latency", agg: "mean" })[0]?.value).toBe(20);
    const running = (values: string) =>
      ask({ running_sessions: values }, { metric: "running_sessions" })[0]?.value;
    expect(running("5 6 _ _ 9")).toBe(6);
    expect(running("5 6 _ stale")).toBeNull();
  });
});

const FAILING = written({
  ...{ kind: "ratio", metric: "failure_rate", name: "Failing", group_by: ["agent"], fire: 0.2 },
  ...{ window: "5m", delay: "0s", for: "2m", min_volume: 10, labels: { team: "ops" } },
  ...{ tiers: [{ fire: 0.5, severity: "critical" }] },
  annotations: { summary: "{{ labels.agent }} fails at {{ value }}, above {{ threshold }}" },
});
const SILENT = written({
  ...{ kind: "absence", name: "Silent", heartbeat: "nightly", period: "10m", grace: "2m" },
});
const BOTH = written({
  ...{ kind: "composite", name: "Both", rules: { a: "Failing", b: "Silent" } },
  expression: "a && b",
});

describe("tests in promtool's form", () => {
  const series = [
    { series: 'failure_rate:numerator{agent="a"}', values: "0x4 3x10 0x20" },
    { series: 'failure_rate:denominator{agent="a"}', values: "10x35" },
    { series: 'failure_rate:numerator{agent="b"}', values: "0x35" },
    { series: 'failure_rate:denominator{agent="b"}', values: "10x35" },
    { series: 'heartbeat{name="nightly"}', values: "1 _x9 1" },
  ];
  const run = (...asked: object[]) => {
    const file = SeriesFile.parse({
      rule_files: ["rules.yaml"],
      tests: [{ name: "night", input_series: series, alert_rule_test: asked }],
    });
    return testSeries(file, [BOTH, FAILING, SILENT])[0]?.verdict;
  };
  const PASSES = { difference: null };
  const FIRING = { exp_labels: { agent: "a", team: "ops" } };

  it("compare what fires at a time, pending and past ones not among it", () => {
    // From minute 9 on the window's rate is above a fifth: 12 of 50; it fires two minutes later.
    expect(run({ eval_time: "10m", alertname: "Failing" })).toEqual(PASSES);
    expect(run({ eval_time: "11m", alertname: "Failing", exp_alerts: [FIRING] })).toEqual(PASSES);
    expect(run({ eval_time: "30m", alertname: "Failing", exp_alerts: [] })).toEqual(PASSES);
  });

  it("between two ticks stand with the one before", () =>
    expect(run({ eval_time: "10m59s", alertname: "Failing" })).toEqual(PASSES));

  it("compare severity and texts where they are asked for", () => {
    const alert = (severity: string, summary: string) => ({
      ...{ eval_time: "12m", alertname: "Failing" },
      exp_alerts: [
        { exp_labels: { ...FIRING.exp_labels, severity }, exp_annotations: { summary } },
      ],
    });
    expect(run(alert("warning", "a fails at 30 %, above 20 %"))).toEqual(PASSES);
    expect(run(alert("critical", "a fails at 30 %, above 20 %"))).toMatchObject({
      difference: { row: "Failing", column: "12m" },
    });
    expect(run(alert("warning", "something else"))).toMatchObject({
      difference: { found: expect.stringContaining("a fails at 30 %") },
    });
  });

  it("ask how many durations there were where a rule wants so many", () => {
    const slow = written({
      ...{ name: "Slow", kind: "threshold", metric: "model_latency", agg: "p95", fire: 1_000 },
      ...{ window: "5m", delay: "0s", min_volume: 3 },
    });
    const file = (values: string) =>
      SeriesFile.parse({
        rule_files: ["rules.yaml"],
        tests: [
          {
            input_series: [{ series: "model_latency", values }],
            alert_rule_test: [{ eval_time: "5m", alertname: "Slow", exp_alerts: [{}] }],
          },
        ],
      });
    const verdict = (values: string) => testSeries(file(values), [slow])[0]?.verdict;
    expect(verdict("2000 2000 2000")).toEqual(PASSES);
    expect(verdict("2000 _ 2000")).toMatchObject({ difference: { found: "no alert" } });
  });

  it("have heartbeats, and rules made of rules by their names", () => {
    const found = (minutes: number, alertname: string, exp_alerts: object[]) =>
      run({ eval_time: `${minutes}m`, alertname, exp_alerts });
    expect(found(21, "Silent", [])).toEqual(PASSES);
    expect(found(22, "Silent", [{}])).toEqual(PASSES);
    expect(found(12, "Both", [])).toEqual(PASSES);
    expect(found(22, "Both", [{}])).toMatchObject({
      difference: { expected: "{}", found: "no alert" },
    });
  });

  it("say what differs", () =>
    expect(run({ eval_time: "11m", alertname: "Failing" })).toEqual({
      difference: {
        ...{ row: "Failing", column: "11m", expected: "no alert" },
        found: '{agent="a", team="ops"}',
      },
    }));

  it("say what is written wrongly", () => {
    expect(run({ eval_time: "1m", alertname: "Nobody" })).toEqual({
      wrong: "no rule of rule_files is named Nobody",
    });
    expect(testFileOf({ tests: [{ name: "x" }] })).toMatchObject({ kind: "unreadable" });
    expect(testFileOf({ rule_files: ["a"], tests: [{ interval: "1 minute" }] })).toEqual({
      kind: "unreadable",
      issues: ["tests.0.interval: expected a duration like 30s, 5m or 1h30m"],
    });
  });
});
