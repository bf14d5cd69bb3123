import { describe, expect, it } from "vitest";
import {
  activeMsFromSeconds,
  nanosFromCents,
  parseListCostCents,
  priceRequest,
  runtimeNanos,
  webSearchNanos,
} from "@/lib/costs/pricing";
import type { TokenCounts } from "@/lib/costs/schema";
import { microsFromIso } from "@/lib/time/micros";

const NOW = Date.UTC(2026, 10, 20) * 1000;
const HOUR_MS = 3_600_000;
const NO_TOKENS: TokenCounts = { input: 0, cacheWrite: 0, cacheRead: 0, output: 0 };

const tokens = (given: Partial<TokenCounts>): TokenCounts => ({ ...NO_TOKENS, ...given });

function request(given: Partial<Parameters<typeof priceRequest>[0]>) {
  return priceRequest({
    model: "claude-opus-5",
    geo: null,
    tokens: NO_TOKENS,
    split: null,
    speed: null,
    atUs: NOW,
    ...given,
  });
}

describe("one model request", () => {
  const million = tokens({ input: 1e6, cacheRead: 1e6, output: 1e6 });

  it.each([
    ["2026-10-06T23:59:59.999999Z", 200_000_000],
    ["2026-10-07T00:00:00Z", 100_000_000],
  ])("a million Sonnet 5.5 cache reads at %s", (iso, nanos) => {
    const atUs = microsFromIso(iso);
    expect(
      request({ model: "claude-sonnet-5-5", tokens: tokens({ cacheRead: 1e6 }), atUs }),
    ).toEqual({ nanos, unpricedTokens: 0 });
  });

  it.each([
    ["100,000 uncached", { input: 100_000 }, 10_000_000],
    ["100,001 uncached", { input: 100_001 }, 50_000_500],
    ["100,000 with cache", { input: 1, cacheRead: 99_998, cacheWrite: 1 }, 1_000_205],
    ["100,001 with a cache read more", { input: 1, cacheRead: 99_999, cacheWrite: 1 }, 5_001_075],
    ["100,001 with a cache write more", { input: 1, cacheRead: 99_998, cacheWrite: 2 }, 5_001_650],
    ["a large output alone", { input: 100_000, output: 100_000 }, 60_000_000],
  ])("Haiku 5.5 with a prompt of %s", (_name, given, nanos) => {
    expect(request({ model: "claude-haiku-5-5", tokens: tokens(given) }).nanos).toBe(nanos);
  });

  it.each([
    ["claude-opus-5-5", null, 4 + 0.2 + 20],
    ["claude-opus-5-5", "standard", 4 + 0.2 + 20],
    ["claude-opus-5-5", "fast", 8 + 0.4 + 40],
    ["claude-opus-5", "fast", 10 + 1 + 50],
    ["claude-opus-4-8", "fast", 10 + 1 + 50],
    ["claude-opus-4-6", "fast", 5 + 0.5 + 25],
  ])(
    "a million of input, cache read and output on %s at speed %s costs $%d",
    (model, speed, usd) => {
      expect(request({ model, speed, tokens: million })).toEqual({
        nanos: Math.round(usd * 1e9),
        unpricedTokens: 0,
      });
    },
  );

  it.each([
    ["claude-opus-5", null, "us", 5.5 + 0.55 + 27.5],
    ["claude-opus-4-5", null, "us", 5 + 0.5 + 25],
    ["claude-haiku-4-5", null, "us", 1 + 0.1 + 5],
    ["claude-opus-5", null, "global", 5 + 0.5 + 25],
    ["claude-opus-5-5", "fast", "us", 8.8 + 0.44 + 44],
  ])("%s at speed %s in geography %s costs $%d", (model, speed, geo, usd) => {
    expect(request({ model, speed, geo, tokens: million }).nanos).toBe(Math.round(usd * 1e9));
  });

  it.each([
    // Haiku 5.5 writes one token for 125 nanos: 137.5 in the US, which only two tokens make whole.
    [1, 138],
    [2, 275],
    [3, 413],
    [1_000_000, 137_500_000],
  ])(
    "%i written tokens of Haiku 5.5 in the US round once, half up, to %i nanos",
    (cacheWrite, nanos) => {
      const given = { model: "claude-haiku-5-5", geo: "us", tokens: tokens({ cacheWrite }) };
      expect(request(given).nanos).toBe(cacheWrite > 100_000 ? nanos * 5 : nanos);
    },
  );

  it.each([
    [null, 6_250_000_000],
    [{ write5m: 1, write1h: 0 }, 6_250_000_000],
    [{ write5m: 0, write1h: 1 }, 10_000_000_000],
    [{ write5m: 30, write1h: 10 }, 7_187_500_000],
  ])("writes a million tokens split as %j", (split, nanos) => {
    expect(request({ split, tokens: tokens({ cacheWrite: 1e6 }) }).nanos).toBe(nanos);
  });

  it.each([
    ["no model", { model: null }],
    ["an unknown model", { model: "claude-next" }],
    ["an unknown speed", { speed: "warp" }],
    ["a speed without a price", { model: "claude-sonnet-5", speed: "fast" }],
    ["an unknown geography", { geo: "mars" }],
  ])("%s leaves all tokens unpriced", (_name, given) => {
    const all = { input: 1, cacheWrite: 20, cacheRead: 300, output: 4000 };
    expect(request({ ...given, tokens: all })).toEqual({ nanos: 0, unpricedTokens: 4321 });
  });

  it("stays an exact number or stands at the bound", () => {
    const huge = tokens({ input: 9_007_199_254_740_991, output: 9_007_199_254_740_991 });
    expect(request({ tokens: huge }).nanos).toBe(Number.MAX_SAFE_INTEGER);
    expect(request({ model: null, tokens: huge }).unpricedTokens).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe("small figures", () => {
  it.each([
    ["187", 187],
    ["0", 0],
    ["007", 7],
    ["900719925", 900_719_925],
    // $9 million is the most that is exact in nano-dollars.
    ["900719926", null],
    ["9".repeat(400), null],
    ["1.5", null],
    ["-1", null],
    ["1e3", null],
    [" 1", null],
    ["", null],
    ["٣", null],
    [187, null],
    [null, null],
    [undefined, null],
    [{ amount: "187" }, null],
  ])("list cost %j is %j cents", (value, cents) => {
    expect(parseListCostCents(value)).toBe(cents);
  });

  it.each([
    [17.401, 17_401],
    [0, 0],
    [0.0004, 0],
    [1.0005, 1001],
    [-1, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [1e300, null],
    ["17", null],
    [null, null],
  ])("active seconds %j are %j ms", (seconds, ms) => {
    expect(activeMsFromSeconds(seconds)).toBe(ms);
  });

  it.each([
    [0, 0],
    [1, 22],
    [9, 200],
    [2408, 53_511],
    [HOUR_MS, 80_000_000],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])("%i ms of running cost %i nanos", (ms, nanos) => {
    expect(runtimeNanos(ms)).toBe(nanos);
  });

  it("a search costs a cent, a cent is ten million nanos", () => {
    expect(webSearchNanos(1000)).toBe(10_000_000_000);
    expect(nanosFromCents(187)).toBe(1_870_000_000);
    expect(nanosFromCents(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
  });
});
