import { describe, expect, it } from "vitest";
import {
  byOf,
  failureQuestions,
  failuresKey,
  groupQuestions,
  groupsParams,
  refusedParams,
  stuckParams,
} from "@/components/failures/questions";
import { instabilityOf, outcomesOf, rateOf, ratePoint } from "@/components/failures/rates";
import { rowsOf, sortRows } from "@/components/failures/rows";
import type { Asked } from "@/components/metrics/asked";
import { ErrorGroupsQuery, StuckQuery } from "@/lib/failures/schema";
import { readQuery } from "@/lib/http/query";
import type { Answers } from "@/lib/metrics/queries";
import { type MetricResult, MetricsQuery, type Point } from "@/lib/metrics/query-schema";
import { rateTicks } from "@/lib/series";
import { SessionsQuery } from "@/lib/sessions/query-schema";

const NOW = Date.UTC(2026, 10, 20, 14);
const asked = (params: string): Asked => ({
  params: new URLSearchParams(params),
  scope: { range: { kind: "preset", preset: "24h" }, compare: "previous", tz: null },
  tz: "UTC",
});
const AT = ["2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"];
type Told = Record<string, Array<number | [number, number]>>;
const labelled = (text: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(text));

/** An answer of two hours, by labels as `agent=a`; pairs are numerator and denominator. */
function result(metric: string, told: Told, truncated = 0): MetricResult {
  const series = Object.entries(told).map(([labels, values]) => ({
    labels: labelled(labels),
    points: values.map((value, at): Point => {
      const start = AT[at] ?? "";
      if (typeof value === "number") return [start, value];
      return [start, value[1] === 0 ? null : value[0] / value[1], ...value];
    }),
    total: values.reduce<number>((sum, value) => sum + (typeof value === "number" ? value : 0), 0),
  }));
  const kind = Object.values(told).flat().some(Array.isArray) ? "ratio" : "count";
  return {
    ...{ metric, kind, series, truncated_groups: truncated, folded_days: 0, step: "1h" },
    unit: kind === "ratio" ? "ratio" : "count",
    complete_until: "2026-11-20T12:00:00Z",
    outdated_sessions: 0,
  };
}

describe("what is asked", () => {
  it.each([
    ["", "agent"],
    ["by=tool", "tool"],
    ["by=metadata.tenant", "metadata.tenant"],
    ["by=meter", "agent"],
  ])("is divided, with %s, by %s", (text, by) => {
    expect(byOf(new URLSearchParams(text))).toBe(by);
  });

  it.each(["agent", "agent_version", "tool", "error_type", "outcome", "model", "metadata.tenant"])(
    "is what the API takes, by %s",
    (by) => {
      const questions = failureQuestions(asked(`by=${by}&agent=a`), NOW, Number.NaN);
      for (const question of Object.values(questions)) {
        const query = MetricsQuery.parse(readQuery(`http://page/?${question}`));
        expect(query.agent).toEqual(["a"]);
      }
    },
  );

  it("is of a group what the API takes, too", () => {
    const group = "tool\t\tbash\t\t<n> rows";
    const questions = groupQuestions(group)(asked("agent=a"), NOW, Number.NaN);
    for (const question of Object.values(questions))
      expect(MetricsQuery.parse(readQuery(`http://page/?${question}`))).toMatchObject({
        ...{ agent: ["a"], error_group: [group] },
      });
    const groups = groupsParams(asked("groups=all&agent=a"), NOW, Number.NaN);
    expect(ErrorGroupsQuery.parse(readQuery(`http://page/?${groups}`))).toMatchObject({
      ...{ agent: ["a"], step: "30m", limit: 200 },
    });
    const stuck = stuckParams(asked("model=m"));
    expect(StuckQuery.parse(readQuery(`http://page/?${stuck}`))).toEqual({
      ...{ model: ["m"], limit: 10 },
    });
  });

  it("has one name for one URL, whatever the table's order", () => {
    expect(failuresKey(asked("by=tool&sort=rate"))).toBe(failuresKey(asked("by=tool")));
    expect(failuresKey(asked("by=tool"))).not.toBe(failuresKey(asked("by=model")));
  });

  it("lists the refused that settled last, whatever the outcome filtered for", () => {
    const params = refusedParams(asked("outcome=completed&agent=a"), NOW);
    expect(SessionsQuery.parse(readQuery(`http://page/?${params}`))).toMatchObject({
      ...{ by: "settled", outcome: ["refused"], agent: ["a"], sort: "settled_at", limit: 5 },
    });
  });
});

describe("a rate over time", () => {
  const answers: Answers = {
    figures: [
      result("failure_rate", {
        "": [
          [1, 4],
          [0, 0],
        ],
      }),
      result("session_errors", { "": [3, 2] }),
      result("final_errors", { "": [1, 2] }),
      result("reschedules", { "": [0, 0] }),
    ],
  };
  it("has its parts in each bucket, and an interval where there is something", () => {
    const { data, whole } = rateOf(answers, "failure_rate");
    expect(data.points).toEqual([
      { above: 1, below: 4, rate: 0.25, low: expect.closeTo(0.0456, 4), high: expect.any(Number) },
      { above: 0, below: 0, rate: null, low: null, high: null },
    ]);
    expect(whole).toEqual(data.points[0]);
  });
  it("leaves out of instability what was not tried again, and what did not occur", () => {
    expect(instabilityOf(answers).series).toMatchObject([{ key: "retried", values: [2, 0] }]);
  });
  it.each([
    ["what has too few to say much", [ratePoint(0, 1)], 0.01],
    ["an interval of enough", [ratePoint(4, 40)], 0.23],
    ["every rate", [ratePoint(1, 1)], 1],
    ["nothing beyond one", [ratePoint(9, 10)], 1],
  ])("is drawn with room for %s", (_, points, top) => {
    expect(rateTicks(points).at(-1)).toBeGreaterThanOrEqual(top);
    expect(rateTicks(points).at(-1)).toBeLessThanOrEqual(Math.min(1, top * 2));
  });
});

describe("the rows", () => {
  const rates = (metric: string, a: [number, number], b: [number, number]) =>
    result(metric, { "agent=a": [a], "agent=b": [b] });
  const answers: Answers = {
    trend: [rates("failure_rate", [1, 4], [0, 9])],
    rows: [
      rates("failure_rate", [1, 4], [0, 9]),
      rates("turn_failure_rate", [1, 8], [0, 9]),
      result("session_errors", { "agent=b": [7], "agent=": [1] }),
    ],
  };
  const rows = rowsOf("agent", answers, (_, value) => value.toUpperCase());
  it("hold what each metric says of a group, most sessions first", () => {
    expect(rows.map(({ name }) => name)).toEqual(["B", "A", "Agent unknown"]);
    expect(rows[1]).toMatchObject({
      ...{ filter: { agent: "a" }, errors: null, course: [0.25] },
      rate: { above: 1, below: 4 },
      turns: { above: 1, below: 8 },
    });
  });
  it.each([
    ["rate", "desc", ["A", "B", "Agent unknown"]],
    ["rate", "asc", ["B", "A", "Agent unknown"]],
    ["errors", "desc", ["B", "Agent unknown", "A"]],
    ["name", "asc", ["A", "Agent unknown", "B"]],
  ] as const)("are ordered by %s, %s", (column, order, names) => {
    expect(sortRows(rows, column, order).map(({ name }) => name)).toEqual(names);
  });
  it("keep those taken together last", () => {
    const others: Answers = {
      rows: [result("failure_rate", { "tool=bash": [[1, 2]], "tool=other": [[9, 90]] }, 4)],
    };
    const sorted = rowsOf("tool", others, (_, value) => value);
    expect(sorted.map(({ name, kind }) => [name, kind])).toEqual([
      ["bash", "group"],
      ["Other", "other"],
    ]);
  });
  it("are, of outcomes, shares of all that settled", () => {
    const settled = result("sessions_settled", {
      "outcome=refused": [1],
      "outcome=completed": [3],
    });
    const byOutcome = rowsOf("outcome", { rows: [settled], trend: [settled] }, (_, value) => value);
    expect(byOutcome).toMatchObject([
      { name: "Completed", rate: { above: 3, below: 4 } },
      { name: "Refused", rate: { above: 1, below: 4 } },
    ]);
    expect(outcomesOf({ outcomes: [settled] }).series.map(({ key }) => key)).toEqual([
      "completed",
      "refused",
    ]);
  });
});
