import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { priceRequest } from "@/lib/costs/pricing";
import { dividedBy, savedBy } from "@/lib/savings/saved";

const AT = Date.UTC(2026, 10, 1) * 1000;
const count = fc.integer({ min: 0, max: 50_000 });

describe("what the cache saved", () => {
  it("less what writing to it cost is what the same tokens would have cost without one, in every mode", () => {
    const models = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-4-8"];
    const modes = fc.constantFrom(
      { geo: null, speed: null },
      { geo: "us", speed: null },
      { geo: null, speed: "fast" },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        modes,
        fc.tuple(count, count, count, count, count),
        (model, mode, [input, write5m, write1h, read, output]) => {
          const point = { model, ...mode, atUs: AT };
          const priced = (tokens: object, split: { write5m: number; write1h: number } | null) =>
            priceRequest({
              ...point,
              tokens: { input: 0, cacheWrite: 0, cacheRead: 0, output, ...tokens },
              split,
            });
          const writes = { cacheWrite: write5m + write1h };
          const cost = priced({ input, cacheRead: read, ...writes }, { write5m, write1h });
          fc.pre(cost.unpricedTokens === 0 && input + write5m + write1h + read + output > 0);
          const without = priced({ input: input + write5m + write1h + read }, null);
          const used = { model, input, write5m, write1h, read, output, spent: cost.nanos };
          const found = savedBy({ ...used, unpriced: 0 }, AT, PRICE_BOOK);
          const net = (found?.saved ?? 0) - (found?.premium ?? 0);
          const difference = without.nanos - cost.nanos;
          expect(Math.abs(net - difference)).toBeLessThanOrEqual(2 + Math.abs(difference) * 1e-6);
        },
      ),
    );
  });

  it("is unknown without a price", () => {
    const used = { input: 1, write5m: 1, write1h: 0, read: 1, output: 1, spent: 0, unpriced: 4 };
    expect(savedBy({ model: "nobody", ...used }, AT, PRICE_BOOK)).toBeNull();
  });

  it("is at the prices of its time: reads of Sonnet 5.5 became cheaper on 7 October", () => {
    const used = { input: 0, write5m: 0, write1h: 0, read: 1_000_000, output: 0, unpriced: 0 };
    const at = (day: number, spent: number) =>
      savedBy(
        { model: "claude-sonnet-5-5", ...used, spent },
        Date.UTC(2026, 9, day) * 1000,
        PRICE_BOOK,
      );
    expect(at(6, 200_000_000)?.saved).toBe(1_800_000_000);
    expect(at(7, 100_000_000)?.saved).toBe(1_900_000_000);
  });
});

it("a range is divided where prices change in it, without a gap", () => {
  const range = { fromUs: 10, toUs: 40 };
  expect(dividedBy([], range)).toEqual([range]);
  expect(dividedBy([0, 10, 40, 50], range)).toEqual([range]);
  expect(dividedBy([30, 20], range)).toEqual([
    { fromUs: 10, toUs: 20 },
    { fromUs: 20, toUs: 30 },
    { fromUs: 30, toUs: 40 },
  ]);
});
