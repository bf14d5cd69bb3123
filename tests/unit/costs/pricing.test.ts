import { describe, expect, it } from "vitest";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { priceSession, usageKey } from "@/lib/costs/pricing";
import { SessionCost, type SessionCostInput, type TokenCounts } from "@/lib/costs/schema";

const NOW = Date.UTC(2026, 10, 20) * 1000;
const HOUR_MS = 3_600_000;
const KEY = usageKey({ speed: null, promptTokens: 10, atUs: NOW });
const NO_TOKENS: TokenCounts = { input: 0, cacheWrite: 0, cacheRead: 0, output: 0 };
const NO_USAGE: SessionCostInput["usage"] = {
  inputTokens: null,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  cacheReadTokens: null,
  outputTokens: null,
};

const tokens = (given: Partial<TokenCounts>): TokenCounts => ({ ...NO_TOKENS, ...given });

function session(given: Partial<SessionCostInput>, book = PRICE_BOOK): SessionCost {
  const cost = priceSession(
    {
      covered: [],
      usage: NO_USAGE,
      sessionModel: "claude-opus-5",
      sessionGeo: null,
      sessionSpeed: null,
      residualAtUs: NOW,
      activeMs: 0,
      runtimeBilled: true,
      webSearches: 0,
      listCostCents: null,
      graderTokens: false,
      quantitiesGiven: true,
      settled: true,
      ...given,
    },
    book,
  );
  expect(SessionCost.parse(cost)).toEqual(cost);
  return cost;
}

const covered = (
  model: string | null,
  given: Partial<TokenCounts>,
  over: Partial<SessionCostInput["covered"][number]> = {},
) => ({ model, geo: null, key: KEY, tokens: tokens(given), ...over });

describe("the official worked examples", () => {
  it("one hour of Opus 5 with 50k input and 15k output costs $0.705", () => {
    const cost = session({
      covered: [covered("claude-opus-5", { input: 50_000, output: 15_000 })],
      activeMs: HOUR_MS,
    });
    expect(cost).toMatchObject({
      tokensNanos: 625_000_000,
      runtimeNanos: 80_000_000,
      webSearchNanos: 0,
      computedNanos: 705_000_000,
      unpricedTokens: 0,
      priceBook: "2026-11-09",
    });
  });

  it("with 40k of the input read from cache it costs $0.525", () => {
    const cost = session({
      covered: [covered("claude-opus-5", { input: 10_000, cacheRead: 40_000, output: 15_000 })],
      activeMs: HOUR_MS,
    });
    expect(cost.computedNanos).toBe(525_000_000);
  });
});

describe("a session", () => {
  it("prices advisor and child threads by their own model and geography", () => {
    const cost = session({
      sessionModel: "claude-sonnet-5-5",
      covered: [
        covered("claude-sonnet-5-5", { input: 1000 }),
        covered("claude-opus-5-5", { input: 1000 }, { geo: "us" }),
        covered("claude-haiku-4-5-20251001", { output: 1000 }),
      ],
    });
    expect(cost.tokensNanos).toBe(2_000_000 + 4_400_000 + 5_000_000);
  });

  it("takes the thread's configured speed only where the request reported none", () => {
    const key = (speed: string | null) => usageKey({ speed, promptTokens: 0, atUs: NOW });
    const one = (reported: string | null, configured?: string | null) =>
      session({
        covered: [
          covered("claude-opus-5-5", { input: 1000 }, { key: key(reported), speed: configured }),
        ],
      }).tokensNanos;
    expect([one(null), one(null, null), one(null, "standard")]).toEqual([4e6, 4e6, 4e6]);
    expect([one(null, "fast"), one("fast"), one("fast", "standard")]).toEqual([8e6, 8e6, 8e6]);
    expect(one("standard", "fast")).toBe(4e6);
  });

  it("keeps prices of different days and prompt sizes apart", () => {
    const key = (promptTokens: number, atUs: number) =>
      usageKey({ speed: null, promptTokens, atUs });
    const october1 = Date.UTC(2026, 9, 1) * 1000;
    const cost = session({
      covered: [
        covered("claude-sonnet-5-5", { cacheRead: 1000 }, { key: key(1, october1) }),
        covered("claude-sonnet-5-5", { cacheRead: 1000 }, { key: key(1, NOW) }),
        covered("claude-haiku-5-5", { input: 1000 }, { key: key(100_000, NOW) }),
        covered("claude-haiku-5-5", { input: 1000 }, { key: key(100_001, NOW) }),
      ],
    });
    expect(cost.tokensNanos).toBe(200_000 + 100_000 + 100_000 + 500_000);
  });

  it("adds searches and running time, and neither for what it does not run", () => {
    const given = { activeMs: HOUR_MS / 2, webSearches: 3 };
    expect(session(given)).toMatchObject({
      runtimeNanos: 40_000_000,
      webSearchNanos: 30_000_000,
      computedNanos: 70_000_000,
    });
    expect(session({ ...given, runtimeBilled: false })).toMatchObject({
      runtimeNanos: 0,
      computedNanos: 30_000_000,
    });
    expect(session({ activeMs: null })).toMatchObject({ runtimeNanos: 0, computedNanos: 0 });
  });

  it("keeps what has no price apart, and prices the rest", () => {
    const cost = session({
      covered: [
        covered("claude-next", { input: 5, cacheWrite: 6, cacheRead: 7, output: 8 }),
        covered(null, { output: 100 }),
        covered("claude-opus-5", { input: 1000 }, { geo: "mars" }),
        covered("claude-opus-5", { input: 1000 }, { key: "not a key" }),
        covered("claude-opus-5", { input: 1000 }),
      ],
      listCostCents: 100,
    });
    expect(cost).toMatchObject({ tokensNanos: 5_000_000, unpricedTokens: 26 + 100 + 2000 });
    expect(cost.driftCauses).toEqual(["unknown_model", "missing_split", "modifier"]);
  });

  it("prices snapshot tokens that no span covers at the session's model", () => {
    const cost = session({
      covered: [covered("claude-opus-5-5", { input: 1000, cacheWrite: 10, output: 50 })],
      usage: {
        inputTokens: 1200,
        cacheWrite5mTokens: 40,
        cacheWrite1hTokens: 20,
        cacheReadTokens: 3000,
        outputTokens: 50,
      },
    });
    // Written: 10 of 60 covered, 7 of them 5m and 3 1h; 33 and 17 remain.
    const spans = 1000 * 4000 + 7 * 5000 + 3 * 8000 + 50 * 20_000;
    const residual = 200 * 5000 + 33 * 6250 + 17 * 10_000 + 3000 * 500;
    expect(cost).toMatchObject({
      tokensNanos: spans + residual,
      missingThreadTokens: 200 + 50 + 3000,
      unpricedTokens: 0,
    });
  });

  it("prices the residual with the session's modifiers on the snapshot's day", () => {
    const usage = { ...NO_USAGE, cacheReadTokens: 1_000_000 };
    const one = (given: Partial<SessionCostInput>) => session({ usage, ...given });
    const sonnet = { sessionModel: "claude-sonnet-5-5", residualAtUs: Date.UTC(2026, 9, 1) * 1000 };
    expect(one(sonnet).tokensNanos).toBe(200_000_000);
    expect(one({ ...sonnet, residualAtUs: null }).tokensNanos).toBe(100_000_000);
    expect(one({ ...sonnet, sessionGeo: "us" }).tokensNanos).toBe(220_000_000);
    expect(one({ sessionModel: "claude-opus-5-5", sessionSpeed: "fast" }).tokensNanos).toBe(
      400_000_000,
    );
    expect(one({ sessionModel: "claude-haiku-5-5" }).tokensNanos).toBe(10_000_000);
    expect(one({ sessionModel: null })).toMatchObject({
      tokensNanos: 0,
      unpricedTokens: 1_000_000,
      missingThreadTokens: 1_000_000,
    });
  });

  it("never scales spans down to a snapshot that is behind them", () => {
    const spans = [covered("claude-opus-5", { input: 1000, cacheWrite: 100, output: 100 })];
    const usage = {
      inputTokens: 500,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 50,
      cacheReadTokens: 0,
      outputTokens: 100,
    };
    for (const settled of [true, false]) {
      expect(session({ covered: spans, usage, settled })).toMatchObject({
        tokensNanos: 1000 * 5000 + 100 * 10_000 + 100 * 25_000,
        missingThreadTokens: 0,
      });
    }
  });

  it("names the book it was priced with", () => {
    const book = { ...PRICE_BOOK, version: "own", sessionHourNanos: 160_000_000 };
    expect(session({ activeMs: HOUR_MS }, book)).toMatchObject({
      runtimeNanos: 160_000_000,
      priceBook: "own",
    });
  });

  it("is nothing when nothing is known", () => {
    expect(session({ activeMs: null, sessionModel: null, settled: false })).toEqual({
      computedNanos: 0,
      tokensNanos: 0,
      runtimeNanos: 0,
      webSearchNanos: 0,
      unpricedTokens: 0,
      missingThreadTokens: 0,
      listCostCents: null,
      driftNanos: null,
      driftCauses: [],
      priceBook: "2026-11-09",
      usage: {
        inputTokens: 0,
        cacheWrite5mTokens: 0,
        cacheWrite1hTokens: 0,
        cacheReadTokens: 0,
        outputTokens: 0,
      },
    });
  });
});
