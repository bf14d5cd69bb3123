import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  costError,
  difference,
  quantileShares,
  rateEstimate,
  relativeDifference,
  Z99,
} from "@/lib/agents/intervals";
import type { ComparedFigure } from "@/lib/agents/schema";
import {
  type CostSample,
  compareCosts,
  compareQuantiles,
  compareRates,
  LEAST_COSTS,
  overallOf,
} from "@/lib/agents/verdict";
import { Z95 } from "@/lib/metrics/wilson";

describe("the difference of two rates", () => {
  // Newcombe (1998), Statistics in Medicine 17, table II, method 10: the first less the second.
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])("%d of %d and %d of %d: %d to %d", (a, m, b, n, low, high) => {
    const [first, second] = [rateEstimate(a, m, Z95), rateEstimate(b, n, Z95)];
    if (!first || !second) throw new Error("there are intervals");
    const between = difference(second, first);
    expect(between.value).toBeCloseTo(a / m - b / n, 10);
    expect(between.low).toBeCloseTo(low, 4);
    expect(between.high).toBeCloseTo(high, 4);
  });
});

describe("how surely a cost is known", () => {
  const sumsOf = (sessions: ReadonlyArray<[cost: number, counts: boolean]>) => {
    const sum = (of: (cost: number, counts: boolean) => number) =>
      sessions.reduce((total, [cost, counts]) => total + of(cost, counts), 0);
    return {
      sessions: sessions.length,
      counted: sum((_, counts) => (counts ? 1 : 0)),
      cost: sum((cost) => cost),
      costSquares: sum((cost) => cost * cost),
      countedCost: sum((cost, counts) => (counts ? cost : 0)),
    };
  };

  it("is the standard error of the mean where every session counts", () => {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, sample variance 32/7.
    const costs = [2, 4, 4, 4, 5, 5, 7, 9].map((cost): [number, boolean] => [cost, true]);
    expect(costError(sumsOf(costs))).toBeCloseTo(Math.sqrt(32 / 7 / 8) / 5, 12);
  });

  it("knows that what fails is paid for, too", () => {
    // By hand: 3 sessions, 2 count, 6 dollars: 3 a piece. Residuals 1−3, 2−3, 3−0: squares 4 + 1 + 9.
    // Variance 3 × 14 / (2 × 2 × 2) = 5.25 of 3².
    const error = costError(
      sumsOf([
        [1, true],
        [2, true],
        [3, false],
      ]),
    );
    expect(error).toBeCloseTo(Math.sqrt(5.25) / 3, 12);
  });

  test.each([
    ["no session", []],
    ["one session", [[1, true]]],
    [
      "none that counts",
      [
        [1, false],
        [2, false],
      ],
    ],
    [
      "nothing spent",
      [
        [0, true],
        [0, true],
      ],
    ],
  ] as Array<[string, Array<[number, boolean]>]>)("is not known of %s", (_, sessions) => {
    expect(costError(sumsOf(sessions))).toBeNull();
  });
});

test.each([
  [0.95, 100, 0.9073, 0.9927],
  [0.5, 100, 0.402, 0.598],
  [0.95, 72, null, null],
  [0.95, 74, 0.9003, 0.9997],
  [0.95, 0, null, null],
])("the %d quantile of %d lies between its shares %s and %s", (share, size, low, high) => {
  const shares = quantileShares(share, size, Z95);
  if (low === null) expect(shares).toBeNull();
  else {
    expect(shares?.low).toBeCloseTo(low, 4);
    expect(shares?.high).toBeCloseTo(high ?? 0, 4);
  }
});

const spread = (sessions: number, each: number, deviation: number) => ({
  ...{ sessions, counted: sessions, cost: sessions * each, countedCost: sessions * each },
  costSquares: sessions * each * each + (sessions - 1) * deviation * deviation,
});
const costs = (sessions: number, each: number, deviation: number): CostSample => ({
  value: each * 1e9,
  spread: spread(sessions, each, deviation),
});
const PER = "cost_per_completed_session";

describe("whether a version is better", () => {
  test.each<[string, [number, number], [number, number], ComparedFigure["verdict"]]>([
    ["worse beyond doubt", [5, 310], [10, 29], "worse"],
    ["better beyond doubt", [100, 310], [5, 310], "better"],
    ["perhaps", [5, 310], [1, 29], "undecided"],
    ["the same", [5, 100], [5, 100], "undecided"],
    ["nothing to compare with", [0, 0], [5, 100], "unknown"],
  ])("%s", (_, from, to, verdict) => {
    const sample = ([failed, decided]: [number, number]) => ({ failed, decided });
    expect(compareRates(sample(from), sample(to)).verdict).toBe(verdict);
  });

  it("tells costs by the share they are more", () => {
    const figure = compareCosts(PER, costs(400, 0.1, 0.05), costs(400, 0.14, 0.07));
    // ln 1.4 ± 2.5758 × √(0.5²/400 + 0.5²/400).
    const half = Z99 * Math.sqrt(2 * (0.25 / 400));
    expect(figure.difference?.value).toBeCloseTo(0.4, 10);
    expect(figure.difference?.low).toBeCloseTo(1.4 * Math.exp(-half) - 1, 10);
    expect(figure.difference?.high).toBeCloseTo(1.4 * Math.exp(half) - 1, 10);
    expect(figure).toMatchObject({ verdict: "worse", base: { size: 400 }, version: { size: 400 } });
  });

  it("says nothing of costs of too few sessions, and shows them all the same", () => {
    const figure = compareCosts(PER, costs(400, 0.1, 0.05), costs(LEAST_COSTS - 1, 9, 0.05));
    expect(figure).toMatchObject({
      ...{ difference: null, verdict: "unknown", needed: null },
      version: { value: 9e9, low: null, high: null, size: LEAST_COSTS - 1 },
    });
  });

  it("takes the slowest turns within their ranks", () => {
    const sample = (value: number, low: number, high: number) => ({
      ...{ value, size: 500, within95: null },
      within99: [low, high] as [number, number],
    });
    const far = compareQuantiles(sample(1000, 900, 1100), sample(3000, 2500, 3500));
    expect(far).toMatchObject({ verdict: "worse", needed: null });
    expect(compareQuantiles(sample(1000, 800, 1300), sample(1100, 900, 1200)).verdict).toBe(
      "undecided",
    );
    expect(
      compareQuantiles({ ...sample(1000, 1, 2), within99: null }, sample(1, 1, 1)).verdict,
    ).toBe("unknown");
  });
});

describe("how many more sessions would decide", () => {
  const sample = fc
    .tuple(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([decided, share]) => ({ decided, failed: Math.round(share * decided) }));

  it("is enough, and one less is not", () => {
    fc.assert(
      fc.property(sample, sample, (from, to) => {
        const { verdict, needed } = compareRates(from, to);
        if (!needed) return;
        expect(verdict).toBe("undecided");
        const more = (one: typeof from, sessions: number) => ({
          decided: one.decided + sessions,
          failed: (one.failed / one.decided) * (one.decided + sessions),
        });
        const saying = (sessions: number) =>
          compareRates(needed.of === "both" ? more(from, sessions) : from, more(to, sessions))
            .verdict;
        expect(["better", "worse"]).toContain(saying(needed.sessions));
        expect(saying(needed.sessions - 1)).toBe("undecided");
      }),
    );
  });

  it("is not told where no number would", () => {
    expect(
      compareRates({ failed: 5, decided: 100 }, { failed: 5, decided: 100 }).needed,
    ).toBeNull();
  });

  it("is of both where the first has too few itself", () => {
    const { needed } = compareRates({ failed: 1, decided: 10 }, { failed: 2000, decided: 10_000 });
    expect(needed?.of).toBe("both");
  });

  it("holds for costs as well", () => {
    const { needed } = compareCosts(PER, costs(400, 0.1, 0.05), costs(40, 0.12, 0.06));
    if (!needed) throw new Error("it can be decided");
    const to = costs(40 + needed.sessions, 0.12, 0.06);
    const from = costs(needed.of === "both" ? 400 + needed.sessions : 400, 0.1, 0.05);
    expect(compareCosts(PER, from, to).verdict).toBe("worse");
  });
});

describe("all in all", () => {
  const figure = (
    id: ComparedFigure["id"],
    verdict: ComparedFigure["verdict"],
    more: Partial<ComparedFigure> = {},
  ): ComparedFigure => ({
    id,
    base: { value: 1, low: 1, high: 1, size: 100 },
    version: { value: 1, low: 1, high: 1, size: 100 },
    difference: { value: 0, low: -0.5, high: 0.5 },
    verdict,
    needed: null,
    ...more,
  });
  const within = (half: number) => ({ difference: { value: 0, low: -half, high: half } });
  const rate = (verdict: ComparedFigure["verdict"], more = {}) =>
    figure("failure_rate", verdict, more);
  const cost = (verdict: ComparedFigure["verdict"], more = {}) => figure(PER, verdict, more);

  test.each<[string, ComparedFigure[], string]>([
    ["fails more, costs who knows", [rate("worse"), cost("undecided")], "worse"],
    ["fails more, costs less", [rate("worse"), cost("better")], "mixed"],
    ["costs less", [rate("undecided"), cost("better")], "better"],
    [
      "slower turns decide nothing",
      [rate("undecided"), cost("undecided"), figure("turn_duration_p95", "worse")],
      "not_enough",
    ],
    [
      "surely about the same",
      [rate("undecided", within(0.02)), cost("undecided", within(0.09))],
      "alike",
    ],
    [
      "perhaps not the same",
      [rate("undecided", within(0.04)), cost("undecided", within(0.09))],
      "not_enough",
    ],
    [
      "nothing known",
      [rate("unknown", { difference: null }), cost("unknown", { difference: null })],
      "not_enough",
    ],
  ])("%s", (_, figures, verdict) => expect(overallOf(figures).verdict).toBe(verdict));

  it("asks for the fewest sessions, counting both sides", () => {
    const both = rate("undecided", { needed: { sessions: 60, of: "both" } });
    const one = cost("undecided", { needed: { sessions: 100, of: "version" } });
    expect(overallOf([both, one]).needed).toEqual({ sessions: 100, of: "version" });
  });
});

test("a relative difference is no difference between equals, and turns round with its sides", () => {
  const estimate = fc
    .tuple(
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      fc.double({ min: 1.01, max: 3, noNaN: true }),
    )
    .map(([value, width]) => ({ value, low: value / width, high: value * width }));
  fc.assert(
    fc.property(estimate, estimate, (a, b) => {
      expect(relativeDifference(a, a).value).toBeCloseTo(0, 10);
      const [there, back] = [relativeDifference(a, b), relativeDifference(b, a)];
      expect((1 + there.value) * (1 + back.value)).toBeCloseTo(1, 6);
      expect((1 + there.low) * (1 + back.high)).toBeCloseTo(1, 6);
      expect(there.low).toBeLessThan(there.value);
      expect(there.high).toBeGreaterThan(there.value);
    }),
  );
});
