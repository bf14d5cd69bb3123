import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apportionWrites, divideHalfUp, splitWrites, toSafe } from "@/lib/costs/apportion";

describe("divideHalfUp", () => {
  it.each([
    [0n, 3n, 0n],
    [1n, 3n, 0n],
    [1n, 2n, 1n],
    [2n, 3n, 1n],
    [5n, 2n, 3n],
    [137_499_999n, 1_000_000n, 137n],
    [137_500_000n, 1_000_000n, 138n],
  ])("%d / %d is %d", (dividend, divisor, quotient) => {
    expect(divideHalfUp(dividend, divisor)).toBe(quotient);
  });
});

describe("toSafe", () => {
  it.each([
    [0n, 0],
    [9_007_199_254_740_991n, Number.MAX_SAFE_INTEGER],
    [9_007_199_254_740_992n, Number.MAX_SAFE_INTEGER],
    [10n ** 40n, Number.MAX_SAFE_INTEGER],
  ])("%d is %d", (value, safe) => {
    expect(toSafe(value)).toBe(safe);
  });
});

describe("splitWrites", () => {
  it.each([
    [4150, null, 4150, 0],
    [4150, { write5m: 0, write1h: 0 }, 4150, 0],
    [4150, { write5m: 7, write1h: 0 }, 4150, 0],
    [4150, { write5m: 0, write1h: 7 }, 0, 4150],
    [10, { write5m: 1, write1h: 2 }, 3, 7],
    [1, { write5m: 1, write1h: 1 }, 1, 0],
    [0, { write5m: 1, write1h: 1 }, 0, 0],
    [
      9_007_199_254_740_991,
      { write5m: 9_007_199_254_740_991, write1h: 9_007_199_254_740_991 },
      4_503_599_627_370_496,
      4_503_599_627_370_495,
    ],
  ])("%i by %j", (writes, split, write5m, write1h) => {
    expect(splitWrites(writes, split)).toEqual({ write5m, write1h });
  });
});

describe("apportionWrites", () => {
  it("gives leftover tokens to the largest remainders, then to the first", () => {
    // A third each of 5m: 3⅓, 3⅓, 0⅔ → 7⅓ in all, so 7 whole ones.
    expect(apportionWrites([10, 10, 2], { write5m: 1, write1h: 2 })).toEqual([
      { write5m: 3, write1h: 7 },
      { write5m: 3, write1h: 7 },
      { write5m: 1, write1h: 1 },
    ]);
    expect(apportionWrites([1, 1, 1], { write5m: 1, write1h: 2 })).toEqual([
      { write5m: 1, write1h: 0 },
      { write5m: 0, write1h: 1 },
      { write5m: 0, write1h: 1 },
    ]);
  });

  it("adds up to the split itself when the amounts cover it", () => {
    const parts = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.nat({ max: 1000 }), (amounts, permille) => {
        const sum = amounts.reduce((total, amount) => total + amount, 0);
        const write5m = Math.floor((sum * permille) / 1000);
        const shares = apportionWrites(amounts, { write5m, write1h: sum - write5m });
        expect(shares.reduce((total, share) => total + share.write5m, 0)).toBe(write5m);
      }),
    );
  });

  it("keeps every amount whole and within one token of its ratio", () => {
    const amount = fc.nat({ max: 1_000_000_000 });
    const split = fc.record({ write5m: amount, write1h: amount });
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 12 }), split, (amounts, ratio) => {
        const whole = BigInt(ratio.write5m) + BigInt(ratio.write1h);
        const shares = apportionWrites(amounts, ratio);
        expect(shares).toHaveLength(amounts.length);
        shares.forEach(({ write5m, write1h }, index) => {
          const writes = amounts[index] ?? -1;
          expect(write5m + write1h).toBe(writes);
          expect(Math.min(write5m, write1h)).toBeGreaterThanOrEqual(0);
          if (whole === 0n) return;
          const off = BigInt(write5m) * whole - BigInt(writes) * BigInt(ratio.write5m);
          expect(off < whole && off > -whole).toBe(true);
        });
      }),
    );
  });
});
