import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Bound,
  inOrder,
  isFolded,
  keepValues,
  promotedOf,
  touchedDays,
} from "@/lib/metrics/promoted";
import { addPromoted, type Sums } from "@/lib/metrics/rollup";
import { MEASURES, type Measures } from "@/lib/metrics/schema";

const MOST = 3;

/** What is kept once values have come in these batches. */
function after(batches: readonly string[][]) {
  let kept: string[] = [];
  let bound: Bound | undefined;
  for (const fresh of batches) {
    const now = keepValues(
      kept,
      [...new Set(fresh)].filter((one) => !kept.includes(one)),
      bound,
      MOST,
    );
    expect(now.gone.every((value) => isFolded(value, now.bound))).toBe(true);
    kept = [...kept.filter((value) => !now.gone.includes(value)), ...now.added];
    bound = now.bound;
  }
  return { kept: kept.sort(inOrder), bound };
}

describe("the values of a day with sums of their own", () => {
  it("are the first in the order of their bytes, whatever comes first", () => {
    const value = fc.constantFrom("a", "b", "B", "é", "z", "\u{1f600}", "\uff5e", "10", "9");
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 4 }), { maxLength: 6 }), (batches) => {
        const all = [...new Set(batches.flat())].sort(inOrder);
        const { kept, bound } = after(batches);
        expect(kept).toEqual(all.slice(0, MOST));
        expect(bound).toEqual(all.length > MOST ? { last: all[MOST - 1] } : undefined);
        for (const one of all) expect(isFolded(one, bound)).toBe(!kept.includes(one));
      }),
    );
  });

  it("leave room for what has none, which is always told", () => {
    expect(isFolded("", { last: "a" })).toBe(false);
    expect(isFolded("b", { last: null })).toBe(false);
  });
});

describe("what a session is counted under", () => {
  const keys = [
    { id: 7, key: "team" },
    { id: 9, key: "constructor" },
  ];
  it.each([
    [{ team: "red" }, { 7: "red", 9: "" }],
    [{ team: "é".repeat(128) }, { 7: "é".repeat(128), 9: "" }],
    [{ team: "é".repeat(129) }, { 7: null, 9: "" }],
    [null, { 7: "", 9: "" }],
  ])("by %j", (metadata, expected) => {
    expect(promotedOf(metadata, keys)).toEqual(expected);
  });
  it("is left out where nothing is promoted", () => {
    expect(promotedOf({ team: "red" }, [])).toBeUndefined();
  });
});

describe("what sums do to a day", () => {
  const touched = (value: string | null, ...parts: Measures[]) => {
    const sums: Sums = new Map();
    for (const measures of parts)
      addPromoted(
        sums,
        {
          ...{ workspace: "w", minute: 1440 * 20_000 + 61, family: "request", key: "m" },
          dimensions: {
            agent: "a",
            agent_version: "",
            environment: "",
            deployment: "",
            source: "",
          },
          promoted: { 7: value },
          measures: MEASURES.map((name) => measures[name] ?? 0),
          observations: [],
        },
        { firstMinute: 0, promotions: new Set([7]) },
      );
    const [day] = touchedDays(sums);
    return day && { ...day, values: [...day.values], shrunk: [...day.shrunk] };
  };
  const of = { workspace: "w", promotion: 7, day: 20_000 };

  it("is growth where more is counted", () => {
    const grown = { values: ["red"], shrunk: [], hasLong: false, shrinksLong: false };
    expect(touched("red", { count: 2 }, { count: -1 })).toEqual({ ...of, ...grown });
  });

  it("may be the end of a value, also where taking back tokens below zero raises them", () => {
    expect(touched("red", { count: -1, cache_write_5m_tokens: 50 })?.shrunk).toEqual(["red"]);
    expect(touched("red", { count: 1 }, { count: -1 })?.shrunk).toEqual(["red"]);
    expect(touched(null, { count: -1 })).toMatchObject({ hasLong: true, shrinksLong: true });
  });
});
