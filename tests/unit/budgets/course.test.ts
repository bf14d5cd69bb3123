import { describe, expect, it } from "vitest";
import { burnOf, type CostOfDay, courseOf } from "@/lib/budgets/course";
import { filterOf, isScope } from "@/lib/budgets/scope";
import { daysOf, periodOf } from "@/lib/time/calendar";

const USD = 1_000_000_000;
const NOW = Date.parse("2026-11-20T12:00:00Z");
const period = periodOf("month", NOW, "UTC");
const days = daysOf(period, "UTC");
/** Of every day from `from` to the one that holds now, which is half over. */
const costs = (from: string, dollars: number): CostOfDay[] =>
  daysOf({ fromMs: Date.parse(`${from}T00:00:00Z`), toMs: NOW }, "UTC").map((day) => ({
    day,
    nanos: dollars * USD * (day.toMs > NOW ? 0.5 : 1),
  }));
const course = (of: CostOfDay[]) => courseOf(of, { days, period, nowMs: NOW });

describe("a month's course", () => {
  it("is what was spent so far, and the days to come at what the days before cost", () => {
    const found = course(costs("2026-09-24", 10));
    expect(found.spent).toBe(195 * USD);
    expect(found.outlook?.expected).toBe(300 * USD);
    expect(found.wanted).toBe(0);
    expect(found.points).toHaveLength(30);
    expect(found.points[18]).toMatchObject({ spent: 190 * USD, outlook: null });
    expect(found.points[19]).toMatchObject({ spent: 195 * USD, outlook: { expected: 200 * USD } });
    expect(found.points[20]).toMatchObject({ spent: null, outlook: { expected: 210 * USD } });
  });

  it("has no outlook before a week of whole days after the first that cost anything", () => {
    const begun = [...costs("2026-11-01", 0).slice(0, 12), ...costs("2026-11-13", 10)];
    const found = course(begun);
    expect(found).toMatchObject({ spent: 75 * USD, outlook: null, wanted: 1 });
    expect(burnOf(found, 80 * USD)).toEqual({ state: "unknown", exhausted: null });
    expect(burnOf(found, 70 * USD)).toEqual({ state: "over", exhausted: "2026-11-19" });
  });
});

describe("a budget", () => {
  const found = course(costs("2026-09-24", 10));
  it.each([
    [100, { state: "over", exhausted: "2026-11-10" }],
    [195, { state: "over", exhausted: "2026-11-20" }],
    [205, { state: "will_exceed", exhausted: "2026-11-21" }],
    [300, { state: "will_exceed", exhausted: "2026-11-30" }],
    [301, { state: "within", exhausted: null }],
  ])("of $%i is then", (dollars, burn) => {
    expect(burnOf(found, dollars * USD)).toEqual(burn);
  });

  it("may be exceeded where the interval reaches it", () => {
    const uneven = costs("2026-09-24", 10).map(({ day, nanos }, at) => ({
      day,
      nanos: at % 3 === 0 ? nanos * 2.5 : nanos * 0.25,
    }));
    const { outlook } = course(uneven);
    const between = Math.round(((outlook?.expected ?? 0) + (outlook?.high ?? 0)) / 2);
    expect(burnOf(course(uneven), between)).toEqual({ state: "may_exceed", exhausted: null });
  });
});

describe("what it is for", () => {
  it.each([
    ["all", null, {}],
    ["agent", "agent_1", { agent: ["agent_1"] }],
    ["metadata.team", "search", { metadata: { team: "search" } }],
    ["metadata.a.b", "c", { metadata: { "a.b": "c" } }],
  ])("%s %s", (scope, value, filter) => {
    expect(isScope(scope)).toBe(true);
    expect(filterOf(scope, value)).toEqual(filter);
  });
  it.each(["", "metadata.", "outcome", "model"])("is not %j", (scope) => {
    expect(isScope(scope)).toBe(false);
  });
});
