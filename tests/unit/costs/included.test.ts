import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { creditsOf, type MonthUse } from "@/lib/costs/included";
import type { Included } from "@/lib/costs/own-schema";
import { INCLUDED_OF } from "@/lib/costs/terms";

const HOUR = 3_600_000;
const use: MonthUse = {
  ...{ costNanos: 10_000_000_000, runtimeNanos: 800_000_000, activeMs: 10 * HOUR },
  ...{ searchNanos: 30_000_000, searches: 3 },
};
const of = (name: Included["of"], amount: number, effective_from: string | null = null) => ({
  ...{ of: name, amount, effective_from },
});

describe("what is included in a month", () => {
  it.each([
    ["nothing", [], []],
    ["some of the hours", [of("session_hours", 4)], [320_000_000]],
    ["more hours than were used", [of("session_hours", 40)], [800_000_000]],
    ["one search of three, rounded", [of("web_searches", 1)], [10_000_000]],
    ["dollars", [of("cost", 3_000_000_000)], [3_000_000_000]],
    ["more dollars than it cost", [of("cost", 30_000_000_000)], [10_000_000_000]],
    [
      "dollars after hours, whatever the order",
      [of("cost", 9_500_000_000), of("session_hours", 40)],
      [800_000_000, 9_200_000_000],
    ],
    ["the newest that holds", [of("cost", 5), of("cost", 7, "2026-11-01")], [7]],
    ["none that begins later", [of("cost", 5), of("cost", 7, "2026-12-01")], [5]],
    ["none that has ended", [of("cost", 5), of("cost", 0, "2026-10-01")], []],
  ] as const)("%s", (_, included, nanos) => {
    expect(creditsOf(included, "2026-11", use).map((credit) => credit.nanos)).toEqual(nanos);
  });

  it("tells what was used of it", () => {
    expect(creditsOf([of("session_hours", 4)], "2026-11", use)).toEqual([
      { of: "session_hours", amount: 4, used: 10, nanos: 320_000_000 },
    ]);
  });

  it("never lets off more than the month has cost", () => {
    const nat = fc.nat({ max: 1_000_000_000 });
    const amounts = fc.array(fc.tuple(fc.constantFrom(...INCLUDED_OF), nat), { maxLength: 4 });
    fc.assert(
      fc.property(nat, nat, nat, fc.nat({ max: 50 }), amounts, (rest, runtime, search, n, some) => {
        const month = {
          ...{ costNanos: rest + runtime + search, runtimeNanos: runtime, searchNanos: search },
          ...{ activeMs: runtime, searches: n },
        };
        const credits = creditsOf(
          some.map(([name, amount]) => of(name, amount)),
          "2026-11",
          month,
        );
        const sum = credits.reduce((all, { nanos }) => all + nanos, 0);
        expect(sum).toBeLessThanOrEqual(month.costNanos);
        for (const { nanos } of credits) expect(nanos).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
