import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimatedOf, estimateParams } from "@/components/whatif/estimate";
import { perMonth, termsOf, whatIfParams } from "@/components/whatif/terms";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { priceRequest, runtimeNanos, webSearchNanos } from "@/lib/costs/pricing";
import { estimate } from "@/lib/whatif/estimate";
import { EstimateQuery, WhatIfQuery } from "@/lib/whatif/schema";

const AT = Date.UTC(2026, 10, 1) * 1000;
const count = fc.integer({ min: 0, max: 1_000_000 });

describe("an estimate", () => {
  it("is what one session costs as it would be priced, so many times", () => {
    const query = fc.record({
      ...{ input_tokens: count, cache_write_5m_tokens: count, cache_read_tokens: count },
      ...{ output_tokens: count, minutes: fc.integer({ min: 0, max: 600 }) },
      ...{ web_searches: fc.integer({ min: 0, max: 20 }) },
      sessions_per_day: fc.integer({ min: 0, max: 5_000 }),
    });
    fc.assert(
      fc.property(query, (fields) => {
        const asked = EstimateQuery.parse({ model: "claude-opus-5", ...fields });
        const { session, day, month } = estimate(asked, PRICE_BOOK, AT);
        const tokens = priceRequest({
          ...{ model: "claude-opus-5", geo: null, speed: null, atUs: AT },
          tokens: {
            input: asked.input_tokens,
            cacheWrite: asked.cache_write_5m_tokens,
            cacheRead: asked.cache_read_tokens,
            output: asked.output_tokens,
          },
          split: null,
        }).nanos;
        expect(Math.abs(session.tokens_nanos - tokens)).toBeLessThanOrEqual(1);
        const runtime = runtimeNanos(asked.minutes * 60_000);
        expect(Math.abs(session.runtime_nanos - runtime)).toBeLessThanOrEqual(1);
        expect(session.web_search_nanos).toBe(webSearchNanos(asked.web_searches));
        const times = asked.sessions_per_day;
        expect(Math.abs(day.total_nanos - times * session.total_nanos)).toBeLessThanOrEqual(
          2 * times + 2,
        );
        expect(Math.abs(month.total_nanos - 30 * day.total_nanos)).toBeLessThanOrEqual(60);
      }),
    );
  });

  it("leaves off a discount, and says what has no price", () => {
    const asked = { model: "nobody", sessions_per_day: 2, input_tokens: 10, minutes: 60 };
    const { day } = estimate(EstimateQuery.parse({ ...asked, discount: 25 }), PRICE_BOOK, AT);
    expect(day).toEqual({
      ...{ tokens_nanos: 0, runtime_nanos: 120_000_000, web_search_nanos: 0 },
      ...{ total_nanos: 120_000_000, unpriced_tokens: 20 },
    });
  });
});

describe("what the page asks", () => {
  it("for an estimate is what is typed, and nothing while a field cannot be read", () => {
    const typed = estimatedOf(new URLSearchParams("of=m&minutes=7.5"), ["x"]);
    expect(estimateParams(typed)?.get("model")).toBe("m");
    expect(estimateParams(typed)?.get("minutes")).toBe("7.5");
    expect(EstimateQuery.safeParse(Object.fromEntries(estimateParams(typed) ?? [])).success).toBe(
      true,
    );
    for (const [name, text] of [
      ["minutes", "-1"],
      ["output_tokens", "1.5"],
      ["discount", "101"],
      ["sessions_per_day", ""],
    ] as const)
      expect(estimateParams(estimatedOf(new URLSearchParams({ [name]: text }), ["m"]))).toBeNull();
    expect(estimateParams(estimatedOf(new URLSearchParams(), []))).toBeNull();
  });

  it("of history is its range, filters and terms; a swap that is not chosen yet is left out", () => {
    const params = new URLSearchParams(
      "agent=a&model=m&swap=x~y&swap=z~&cache=1h&discount=x&sessions=2&prices=list",
    );
    const range = { kind: "fixed", fromMs: 0, toMs: 60_000 } as const;
    const asked = { params, scope: { range, compare: "none", tz: null }, tz: "UTC" } as const;
    expect(`${whatIfParams(asked, 1, 0)}`).toBe(
      "agent=a&swap=x%7Ey&cache=1h&prices=list&sessions=2&from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A01%3A00.000Z",
    );
    expect(termsOf(params).swaps).toEqual([
      { model: "x", instead: "y" },
      { model: "z", instead: "" },
    ]);
    expect(perMonth(10, 5)).toBe(60);
    expect(WhatIfQuery.safeParse({ from: "2026-11-01T00:00:00Z", swap: "x" }).success).toBe(false);
  });
});
