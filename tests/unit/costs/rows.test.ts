import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coloursOf } from "@/components/charts/colours";
import { byIn, groupsDrawn, hasNothing } from "@/components/costs/answers";
import { columnsOf, rowsOf, sortRows, sumOf } from "@/components/costs/rows";
import { csvLines } from "@/components/costs/table-csv";
import { trendOf } from "@/components/costs/trend";
import type { Answers } from "@/lib/metrics/queries";
import type { MetricResult, Point } from "@/lib/metrics/query-schema";

const T0 = "2026-11-20T12:17:00Z";
const T1 = "2026-11-20T13:00:00Z";
const nameOf = (_: string, value: string) => (value === "agent_mara" ? "mara" : value);

type Given = [labels: Record<string, string>, values: (number | [number, number])[]];

/** A result as the API gives it: a ratio's values are its two parts. */
function result(
  metric: string,
  given: readonly Given[],
  more: Partial<MetricResult> = {},
): MetricResult {
  const series = given.map(([labels, values]) => {
    const points = values.map((value, at): Point => {
      const time = at === 0 ? T0 : T1;
      if (typeof value === "number") return [time, value];
      return [time, value[1] === 0 ? null : value[0] / value[1], value[0], value[1]];
    });
    const total = points.reduce((sum, [, value]) => sum + (value ?? 0), 0);
    return { labels, points, total };
  });
  const isRatio = given.some(([, values]) => values.some((value) => typeof value !== "number"));
  return {
    metric,
    unit: "count",
    kind: isRatio ? "ratio" : "sum",
    step: "1h",
    complete_until: "2026-11-20T13:30:00Z",
    outdated_sessions: 0,
    series,
    truncated_groups: 0,
    folded_days: 0,
    ...more,
  };
}

const mara = { agent: "agent_mara" };
const otto = { agent: "agent_otto" };
const none = { agent: "" };
const byAgent: Answers = {
  trend: [
    result("cost", [
      [mara, [5, 2]],
      [none, [1, 0]],
    ]),
  ],
  rows: [
    result("cost", [
      [mara, [7]],
      [none, [1]],
    ]),
    result("sessions_started", [
      [otto, [2]],
      [mara, [4]],
    ]),
    result("cost_per_completed_session", [
      [mara, [[6, 3]]],
      [otto, [[4, 1]]],
    ]),
  ],
};

describe("rows of the table", () => {
  it("are one for each group, whichever metric names it, dearest first", () => {
    const rows = rowsOf("agent", byAgent, nameOf);
    expect(rows).toMatchObject([
      {
        ...{ name: "mara", kind: "group", filter: mara },
        ...{ costNanos: 7, sessionsStarted: 4, perCompleted: { value: 2, above: 6, below: 3 } },
      },
      {
        ...{ name: "Agent unknown", kind: "none", filter: null },
        ...{ costNanos: 1, sessionsStarted: 0, perCompleted: { value: null, below: 0 } },
      },
      { name: "agent_otto", filter: otto, costNanos: 0, sessionsStarted: 2 },
    ]);
    expect(rows[0]?.tokens).toBeNull();
  });

  it("sum up to the whole, ratios by their parts", () => {
    expect(sumOf(rowsOf("agent", byAgent, nameOf))).toMatchObject({
      ...{ costNanos: 8, sessionsStarted: 6, tokens: null },
      perCompleted: { above: 10, below: 4, value: 2.5 },
    });
  });

  it("do not take for nothing what is among the others", () => {
    const other = { agent: "other" };
    const rows = rowsOf(
      "agent",
      {
        rows: [
          result("cost", [
            [mara, [7]],
            [other, [3]],
          ]),
          result("tokens", [[other, [9]]], { truncated_groups: 4 }),
        ],
      },
      nameOf,
    );
    expect(
      rows.map(({ name, kind, costNanos, tokens }) => [name, kind, costNanos, tokens]),
    ).toEqual([
      ["mara", "group", 7, null],
      ["other", "group", 3, null],
      ["Other", "other", 0, 9],
    ]);
  });

  it("never take for free what has no price", () => {
    const rows = rowsOf(
      "agent",
      {
        rows: [
          result("cost", [
            [otto, [0]],
            [mara, [7]],
          ]),
          result("unpriced_tokens", [[otto, [40]]]),
        ],
      },
      nameOf,
    );
    expect(rows.map(({ name, costNanos }) => [name, costNanos])).toEqual([
      ["mara", 7],
      ["agent_otto", null],
    ]);
    expect(sumOf(rows)).toMatchObject({ costNanos: 7, unpricedTokens: 40 });
  });

  it("name a version by its agent", () => {
    const labels = { agent: "agent_mara", agent_version: "3" };
    const [row] = rowsOf("agent_version", { rows: [result("cost", [[labels, [1]]])] }, nameOf);
    expect(row).toMatchObject({ name: "mara v3", filter: labels });
  });

  it("of meters tell what each meter counts", () => {
    const figures = [
      result("cost_tokens", [[{}, [5]]]),
      result("cost_runtime", [[{}, [2]]]),
      result("cost_web_search", [[{}, [1]]]),
      result("tokens", [[{}, [900]]]),
      result("session_hours", [[{}, [0.5]]]),
      result("web_searches", [[{}, [3]]]),
      result("cache_hit_ratio", [[{}, [[1, 4]]]]),
    ];
    const rows = rowsOf("meter", { figures }, nameOf);
    expect(rows.map((row) => [row.name, row.costNanos, row.tokens, row.sessionHours])).toEqual([
      ["Tokens", 5, 900, null],
      ["Runtime", 2, null, 0.5],
      ["Web searches", 1, null, null],
    ]);
    expect(rows[2]?.filter).toEqual({ tool: "web_search" });
    expect(sumOf(rows)).toMatchObject({ costNanos: 8, cacheHit: { value: 0.25 } });
  });

  it("have only the columns their dimension can have", () => {
    expect(columnsOf("bucket")).toEqual(["tokens"]);
    expect(columnsOf("model")).toEqual(["costNanos", "tokens", "cacheHit"]);
    expect(columnsOf("agent")).toContain("perCompleted");
  });

  it("are ordered by any column, what is not known last, the others last of all", () => {
    const answers = {
      rows: [
        result(
          "cost",
          [
            [mara, [7]],
            [otto, [9]],
            [{ agent: "other" }, [8]],
          ],
          { truncated_groups: 2 },
        ),
        result("cache_hit_ratio", [
          [mara, [[1, 2]]],
          [otto, [[0, 0]]],
        ]),
      ],
    };
    const rows = rowsOf("agent", answers, nameOf);
    const named = (...by: Parameters<typeof sortRows> extends [unknown, ...infer R] ? R : never) =>
      sortRows(rows, ...by).map(({ name }) => name);
    expect(named("costNanos", "desc")).toEqual(["agent_otto", "mara", "Other"]);
    expect(named("costNanos", "asc")).toEqual(["mara", "agent_otto", "Other"]);
    expect(named("cacheHit", "asc")).toEqual(["mara", "agent_otto", "Other"]);
    expect(named("name", "asc")).toEqual(["agent_otto", "mara", "Other"]);
  });
});

describe("the file of the table", () => {
  it("has exact figures and the API's labels", () => {
    const [head, first] = csvLines("agent", rowsOf("agent", byAgent, nameOf));
    expect(head?.slice(0, 3)).toEqual(["name", "agent", "cost_usd"]);
    expect(first?.slice(0, 3)).toEqual(["mara", "agent_mara", "0.000000007"]);
    expect(first).toHaveLength(head?.length ?? 0);
  });
});

describe("the chart", () => {
  it("draws steps of one width, the first cut by the window", () => {
    const { fromMs, toMs, stepMs, times, series } = trendOf("agent", byAgent, nameOf);
    expect([fromMs, toMs, stepMs]).toEqual([
      Date.parse(T0),
      Date.parse("2026-11-20T14:00:00Z"),
      3_600_000,
    ]);
    expect(times).toEqual([Date.parse("2026-11-20T12:00:00Z"), Date.parse(T1)]);
    expect(series.map(({ label, values }) => [label, values])).toEqual([
      ["mara", [5, 2]],
      ["Agent unknown", [1, 0]],
    ]);
  });

  it("has the colours of the table", () => {
    const rows = rowsOf("agent", byAgent, nameOf);
    for (const { key, color } of trendOf("agent", byAgent, nameOf).series)
      expect(rows.find((row) => row.key === key)?.color).toBe(color);
  });

  it("is one step for a range that no step divides", () => {
    const cost = result("cost", [[{}, [3]]], { step: "all" });
    const tokens = result("cost_tokens", [[{}, [3]]], { step: "all" });
    expect(trendOf("meter", { figures: [cost, tokens] }, nameOf)).toMatchObject({
      toMs: Date.parse("2026-11-20T13:30:00Z"),
      times: [Date.parse(T0)],
    });
  });

  it("says how many groups it leaves together", () => {
    const trend = [result("cost", [[mara, [1]]], { truncated_groups: 13 })];
    expect(groupsDrawn("agent", { trend })).toEqual({ drawn: 10, all: 23 });
    expect(groupsDrawn("agent", byAgent)).toBeNull();
  });

  it("knows what it is divided by while the next answer is on its way", () => {
    const trend = [result("cost", [[{ agent: "a", agent_version: "1" }, [1]]])];
    expect(byIn({ trend })).toBe("agent_version");
    expect(byIn({ figures: [] })).toBe("meter");
  });
});

describe("colours", () => {
  it("are given by the names, not by their order, and differ up to sixteen", () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 16 });
    fc.assert(
      fc.property(keys, (names) => {
        const colours = coloursOf(names);
        expect(new Set(colours.values()).size).toBe(names.length);
        expect(coloursOf([...names].reverse())).toEqual(colours);
      }),
    );
  });

  it("stay with a name that no earlier one of its colour is drawn with", () => {
    const alone = coloursOf(["ines"]).get("ines");
    expect(coloursOf(["mara", "ines", "otto"]).get("ines")).toBe(alone);
  });
});

it("nothing was spent where nothing was counted either", () => {
  expect(hasNothing({ figures: [result("cost", [[{}, [0]]])] })).toBe(true);
  expect(
    hasNothing({ figures: [result("cost", [[{}, [0]]]), result("tokens", [[{}, [4]]])] }),
  ).toBe(false);
});
