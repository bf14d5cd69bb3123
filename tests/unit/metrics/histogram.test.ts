import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addHistogram,
  addObservations,
  addPacked,
  type Histogram,
  observed,
  packHistogram,
  Tally,
} from "@/lib/metrics/histogram";

const duration = fc.oneof(
  fc.double({ min: 1, max: 100, noNaN: true }),
  fc.double({ min: 100, max: 1e9, noNaN: true }),
);
const of = (values: readonly number[], sign: 1 | -1 = 1) => {
  const histogram: Histogram = new Map();
  addObservations(
    histogram,
    values.map((ms) => observed(ms, sign)),
  );
  return histogram;
};
const tallied = (...histograms: Histogram[]) => {
  const tally = new Tally();
  tally.addObservations([7]);
  tally.clear();
  for (const histogram of histograms) tally.addPacked(packHistogram(histogram));
  return tally;
};
const sorted = (histogram: Histogram) => [...histogram].sort(([a], [b]) => a - b);

describe("a histogram", () => {
  it.each([0.5, 0.9, 0.95, 0.99])("tells quantile %f within 2 %% of the exact one", (q) => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 300 }), (values) => {
        const exact = [...values].sort((a, b) => a - b)[Math.ceil(q * values.length) - 1] ?? 0;
        const half = Math.floor(values.length / 2);
        const parts = [of(values.slice(0, half)), of(values.slice(half))];
        const told = tallied(...parts).quantile(q) ?? 0;
        expect(Math.abs(told - exact) / exact).toBeLessThanOrEqual(0.02);
      }),
    );
  });

  it("is the same merged from parts as made at once, packed and unpacked", () => {
    fc.assert(
      fc.property(fc.array(duration), fc.array(duration), (left, right) => {
        const merged = of(left);
        addPacked(merged, packHistogram(of(right)));
        expect(sorted(merged)).toEqual(sorted(of([...left, ...right])));
      }),
    );
  });

  it("holds nothing of what was taken back, and survives being packed while it owes something", () => {
    fc.assert(
      fc.property(fc.array(duration), (values) => {
        const owing: Histogram = new Map();
        addPacked(owing, packHistogram(of(values, -1)));
        expect(tallied(owing).count + values.length).toBe(0);
        addHistogram(owing, of(values));
        expect(owing.size).toBe(0);
      }),
    );
  });

  it("has no quantile without observations", () => {
    expect(tallied().quantile(0.5)).toBeNull();
    expect(tallied(of([5]), of([5], -1)).quantile(0.5)).toBeNull();
  });

  it("refuses bytes that end in the middle", () => {
    expect(() => addPacked(new Map(), Uint8Array.from([200]))).toThrow("ends in the middle");
  });
});
