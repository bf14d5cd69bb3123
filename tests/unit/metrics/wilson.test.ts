import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wilsonInterval } from "@/lib/metrics/wilson";

describe("the interval of a rate", () => {
  // The first four are Newcombe's (1998, Statistics in Medicine 17, table I, method 3).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
    [1, 2, 0.0945, 0.9055],
  ])("%d of %d is %d to %d", (hits, trials, low, high) => {
    const interval = wilsonInterval(hits, trials);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
  });

  it("is nothing where nothing was tried", () => expect(wilsonInterval(0, 0)).toBeNull());

  it("holds the rate, lies within 0 and 1, and shrinks with more trials", () => {
    const seen = fc
      .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([trials, share]) => [Math.round(share * trials), trials] as const);
    fc.assert(
      fc.property(seen, ([hits, trials]) => {
        const one = wilsonInterval(hits, trials);
        const ten = wilsonInterval(hits * 10, trials * 10);
        if (!one || !ten) throw new Error("there is an interval");
        const rate = hits / trials;
        expect(one.low).toBeLessThanOrEqual(rate);
        expect(one.high).toBeGreaterThanOrEqual(rate);
        expect(one.low).toBeGreaterThanOrEqual(0);
        expect(one.high).toBeLessThanOrEqual(1);
        expect(ten.high - ten.low).toBeLessThan(one.high - one.low);
      }),
    );
  });
});
