import { describe, expect, it } from "vitest";
import type { MetricResult, Series } from "@/lib/metrics/query-schema";
import { dearOf, failingOf, rebuildingOf, unpricedOf, weeksBefore } from "@/lib/overview/attention";

const result = (series: Series[], truncated_groups = 0): MetricResult => ({
  ...{
    metric: "m",
    unit: "count",
    kind: "count",
    step: "all",
    complete_until: "",
    outdated_sessions: 0,
    series,
  },
  ...{ truncated_groups, folded_days: 0 },
});
const rate = (agent: string, failed: number, settled: number, version = "1"): Series => ({
  labels: { agent, agent_version: version },
  points: [["", settled === 0 ? null : failed / settled, failed, settled]],
  total: settled === 0 ? null : failed / settled,
});
const money = (agent: string, total: number): Series => ({ labels: { agent }, points: [], total });

describe("failing agents", () => {
  const found = (now: Series[], before: Series[] = []) =>
    failingOf({ now: result(now), costs: result([]), before: result(before) }).map(
      ({ agent, version }) => `${agent} ${version}`,
    );

  it.each<[string, Series, Series | null, boolean]>([
    ["three of ten, never seen before", rate("a", 3, 10), null, true],
    ["two failures are chance", rate("a", 2, 2), null, false],
    ["less than a tenth", rate("a", 9, 100), null, false],
    ["twice its own normal", rate("a", 20, 100), rate("a", 10, 100), true],
    ["below twice its own normal", rate("a", 19, 100), rate("a", 10, 100), false],
    ["another agent's normal", rate("a", 30, 100), rate("b", 90, 100), true],
  ])("%s", (_, now, before, isFailing) => {
    expect(found([now], before ? [before] : [])).toEqual(isFailing ? ["a 1"] : []);
  });

  it("are named by version, most failures first, five at most, with what the failures cost", () => {
    const many = Array.from({ length: 7 }, (_, n) => rate("a", 3 + n, 10, `${n}`));
    expect(found(many)).toEqual(["a 6", "a 5", "a 4", "a 3", "a 2"]);
    const costs = result([{ labels: { agent: "a", agent_version: "1" }, points: [], total: 7 }]);
    const [one] = failingOf({ now: result([rate("a", 4, 5)]), costs, before: undefined });
    expect(one).toMatchObject({ failed: 4, settled: 5, normal: null, cost_nanos: 7 });
  });

  it("are never the rest of very many groups", () => {
    const now = result([rate("a", 4, 5), rate("other", 90, 100)], 12);
    const all = failingOf({ now, costs: undefined, before: undefined });
    expect(all.map(({ agent }) => agent)).toEqual(["a"]);
  });
});

describe("what is dear", () => {
  const DAY = 86_400_000;
  const USD = 1_000_000_000;
  const weeks = (...totals: number[]) => totals.map((total) => result([money("a", total)]));

  it.each<[string, number, number[], boolean]>([
    ["half as much again and more than ever", 3 * USD, [2 * USD, 2 * USD], true],
    ["less than half as much again", 2.9 * USD, [2 * USD, 2 * USD], false],
    ["as much as one of the weeks", 4 * USD, [1 * USD, 4 * USD], false],
    ["less than a dollar more", 1.9 * USD, [1 * USD, 1 * USD], false],
    ["where nothing was spent before", 1 * USD, [0, 0, 0], true],
  ])("%s", (_, now, before, isDear) => {
    expect(dearOf(result([money("a", now)]), weeks(...before)) !== null).toBe(isDear);
  });

  it("names the agent furthest above its own mean", () => {
    const before = [
      result([money("a", 9 * USD), money("b", 1 * USD)]),
      result([money("a", 7 * USD), money("b", 1 * USD)]),
    ];
    const now = result([money("a", 9 * USD), money("b", 9 * USD)]);
    expect(dearOf(now, before)).toEqual({
      ...{ cost_nanos: 18 * USD, expected_nanos: 9 * USD, weeks: 2 },
      worst: { agent: "b", excess_nanos: 8 * USD },
    });
  });

  it("never names the rest of very many agents, and counts it", () => {
    const now = result([money("a", 2 * USD), money("other", 90 * USD)], 12);
    expect(dearOf(now, weeks(1 * USD, 1 * USD))).toMatchObject({
      ...{ cost_nanos: 92 * USD, worst: { agent: "a", excess_nanos: 1 * USD } },
    });
  });

  it("compares with the same hours of up to four weeks that sessions reach back to", () => {
    const span = { fromMs: 100 * DAY, toMs: 101 * DAY };
    const starts = (firstDay: number | null) =>
      weeksBefore(span, firstDay === null ? null : firstDay * DAY).map(
        ({ fromMs }) => fromMs / DAY,
      );
    expect(starts(0)).toEqual([93, 86, 79, 72]);
    expect(starts(80)).toEqual([93, 86]);
    expect(starts(87)).toEqual([]);
    expect(starts(null)).toEqual([]);
    expect(weeksBefore({ fromMs: 90 * DAY, toMs: 98 * DAY }, 0)).toEqual([]);
  });
});

it("an update at work is told by how many sessions are left", () => {
  expect(rebuildingOf([result([])])).toEqual([]);
  expect(rebuildingOf([{ ...result([]), outdated_sessions: 7 }])).toEqual([
    { kind: "rebuilding", sessions: 7 },
  ]);
});

it("unpriced tokens are summed, and the three models with most are named", () => {
  const of = (model: string, total: number): Series => ({ labels: { model }, points: [], total });
  expect(unpricedOf([result([of("a", 0)])])).toEqual([]);
  expect(unpricedOf([result([of("", 9), of("a", 4), of("b", 3), of("c", 2), of("d", 1)])])).toEqual(
    [{ kind: "unpriced", tokens: 19, models: ["a", "b", "c"] }],
  );
});
