import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { priceRequest } from "@/lib/costs/pricing";
import { assumptionsOf } from "@/lib/whatif/assumptions";
import { type Asked, CACHES, recost, type Terms } from "@/lib/whatif/recost";
import { insteadOf } from "@/lib/whatif/swaps";

const AT = Date.UTC(2026, 10, 1) * 1000;
const MODELS = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-opus-4-8", "claude-haiku-4-5"];
const count = fc.integer({ min: 0, max: 50_000 });
const tokens = fc.record({
  ...{ input: count, write5m: count, write1h: count, read: count, output: count },
});
type Tokens = Pick<Asked, "input" | "write5m" | "write1h" | "read" | "output">;

/** What one request with these tokens costs, as everything is priced that comes in. */
function priced(
  model: string,
  { input, write5m, write1h, read, output }: Tokens,
  geo: string | null,
) {
  const { nanos } = priceRequest({
    ...{ model, geo, speed: null, atUs: AT },
    tokens: { input, cacheWrite: write5m + write1h, cacheRead: read, output },
    split: { write5m, write1h },
  });
  return nanos;
}
const used = (model: string, of: Tokens, geo: string | null = null): Asked => ({
  ...of,
  ...{ model, spent: priced(model, of, geo), unpriced: 0, briefly: 0 },
});
const terms = (change: Partial<Terms>): Terms => ({
  ...{ model: "", cache: "as_is", from: PRICE_BOOK, book: PRICE_BOOK, atUs: AT },
  ...change,
});
const near = (a: number, b: number) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(2 + Math.abs(b) * 1e-6);
const model = fc.constantFrom(...MODELS);

describe("history under other terms", () => {
  it("costs what it did where nothing is other, whatever was spent", () => {
    fc.assert(
      fc.property(model, tokens, fc.maxSafeNat(), (name, of, spent) => {
        const asked = { ...used(name, of), spent };
        expect(recost(asked, terms({ model: name })).nanos).toBe(spent);
      }),
    );
  });

  it("costs what the same tokens cost with another model, also where all of it was dearer", () => {
    fc.assert(
      fc.property(model, model, tokens, fc.constantFrom(null, "us"), (from, to, of, geo) => {
        // Only newer models have a surcharge.
        fc.pre(geo === null || (!from.includes("haiku-4") && !to.includes("haiku-4")));
        near(recost(used(from, of, geo), terms({ model: to })).nanos, priced(to, of, geo));
      }),
    );
  });

  it("costs what the tokens would where the cache had kept them otherwise", () => {
    fc.assert(
      fc.property(model, tokens, count, (name, of, briefly) => {
        const asked = { ...used(name, of), briefly };
        const { input, write5m, write1h, read, output } = of;
        const kept = Math.min(briefly, write5m);
        const all = input + write5m + write1h + read;
        const as: Record<(typeof CACHES)[number], Tokens> = {
          as_is: of,
          "5m": { ...of, write5m: write5m + write1h, write1h: 0 },
          "1h": { ...of, write5m: 0, write1h: write5m + write1h - kept, read: read + kept },
          none: { input: all, write5m: 0, write1h: 0, read: 0, output },
        };
        for (const cache of CACHES)
          near(recost(asked, terms({ model: name, cache })).nanos, priced(name, as[cache], null));
      }),
    );
  });

  it("has no price where the other model has none, and one where only the first had none", () => {
    const of = { input: 1, write5m: 2, write1h: 3, read: 4, output: 5 };
    const known = used("claude-haiku-4-5", of);
    expect(recost(known, terms({ model: "nobody" }))).toEqual({ nanos: 0, unpriced: 15 });
    const unknown = { ...known, model: "nobody", spent: 0, unpriced: 15 };
    expect(recost(unknown, terms({ model: "nobody" }))).toEqual({ nanos: 0, unpriced: 15 });
    near(recost(unknown, terms({ model: "claude-haiku-4-5" })).nanos, known.spent);
  });
});

describe("which model answers instead", () => {
  it("is the one a swap names, else that for any, else its own", () => {
    const instead = insteadOf(["a~b", "*~c"]);
    expect(["a", "b", "d"].map((one) => instead?.(one))).toEqual(["b", "c", "c"]);
    expect(insteadOf([])?.("a")).toBe("a");
  });
  it("is nobody's to say where two swaps name one", () => {
    expect(insteadOf(["a~b", "a~c"])).toBeNull();
  });
});

it("takes nothing for granted where nothing is other", () => {
  const same = { cache: "as_is", discount: 0, sessions: 1, prices: "own" } as const;
  expect(assumptionsOf(same)).toEqual([]);
  const all = { swap: ["*~a"], cache: "1h", discount: 5, sessions: 2, prices: "list" } as const;
  expect(assumptionsOf({ ...all, swap: [...all.swap] })).toHaveLength(6);
});
