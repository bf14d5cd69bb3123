import { describe, expect, it } from "vitest";
import { priceSession, usageKey } from "@/lib/costs/pricing";
import { findDriftCauses } from "@/lib/costs/reconcile";
import type { SessionCostInput, UsageSnapshot } from "@/lib/costs/schema";

const NOW = Date.UTC(2026, 10, 20) * 1000;
const KEY = usageKey({ speed: null, promptTokens: 0, atUs: NOW });
const UNKNOWN = [null, null, null, null, null] as const;

/** Input, cache write 5m, cache write 1h, cache read, output. */
type Five<T> = readonly [T, T, T, T, T];
const buckets = <T>([input, write5m, write1h, read, output]: Five<T>) => ({
  inputTokens: input,
  cacheWrite5mTokens: write5m,
  cacheWrite1hTokens: write1h,
  cacheReadTokens: read,
  outputTokens: output,
});

describe("the causes of a drift", () => {
  const quiet = {
    driftNanos: 50_000_000,
    unknownModel: false,
    unknownModifier: false,
    missingThread: false,
    guessedWrites: false,
    spansAhead: false,
    settled: true,
    graderTokens: false,
    quantitiesGiven: false,
    usSurchargeNanos: 0,
    ownTermsNanos: 0,
  };
  const all = {
    unknownModel: true,
    unknownModifier: true,
    missingThread: true,
    guessedWrites: true,
    spansAhead: true,
    settled: false,
    graderTokens: true,
    quantitiesGiven: true,
  };

  it.each([
    [{ ...quiet, ...all, driftNanos: 0 }, []],
    [{ ...quiet, ...all, driftNanos: 5_000_000 }, ["rounding"]],
    [{ ...quiet, ...all, driftNanos: -5_000_000 }, ["rounding"]],
    [
      { ...quiet, ...all, driftNanos: -5_000_001 },
      [
        "unknown_model",
        "missing_thread",
        "missing_split",
        "late_events",
        "modifier",
        "grader_model",
      ],
    ],
    [quiet, []],
    [{ ...quiet, quantitiesGiven: true }, ["price"]],
    [{ ...quiet, quantitiesGiven: true, graderTokens: true }, ["grader_model"]],
    [{ ...quiet, settled: false }, ["late_events"]],
    [{ ...quiet, settled: false, driftNanos: -50_000_000 }, []],
    [{ ...quiet, driftNanos: -50_000_000, usSurchargeNanos: 55_000_000 }, ["modifier"]],
    [{ ...quiet, driftNanos: -50_000_000, usSurchargeNanos: 55_000_001 }, []],
    [{ ...quiet, driftNanos: 50_000_000, usSurchargeNanos: 50_000_000 }, []],
  ])("%j", (input, causes) => {
    expect(findDriftCauses(input)).toEqual(causes);
  });
});

describe("causes seen on whole sessions", () => {
  const usage = (five: Five<number | null>): UsageSnapshot => buckets(five);
  const spans = (model: string, cacheWrite: number, key = KEY) => ({
    model,
    geo: null,
    key,
    tokens: { input: 100_000, cacheWrite, cacheRead: 0, output: 0 },
  });
  const base: SessionCostInput = {
    covered: [spans("claude-opus-5", 0)],
    usage: usage([100_000, 0, 0, 0, 0]),
    sessionModel: "claude-opus-5",
    sessionGeo: null,
    sessionSpeed: null,
    residualAtUs: NOW,
    activeMs: 0,
    runtimeBilled: true,
    webSearches: 0,
    listCostCents: 50,
    graderTokens: false,
    quantitiesGiven: false,
    settled: true,
  };
  const causes = (given: Partial<SessionCostInput>) => {
    const { driftNanos, driftCauses } = priceSession({ ...base, ...given });
    return { driftNanos, driftCauses };
  };

  it.each([
    ["none", {}, 0, []],
    ["no list cost", { listCostCents: null }, null, []],
    ["rounding", { activeMs: 225_000 }, 5_000_000, ["rounding"]],
    ["unexplained", { listCostCents: 10 }, 400_000_000, []],
    [
      "a price that has changed",
      { listCostCents: 10, quantitiesGiven: true },
      400_000_000,
      ["price"],
    ],
    ["unknown model", { covered: [spans("claude-next", 0)] }, -500_000_000, ["unknown_model"]],
    [
      "a fast session of a model without a fast price",
      { covered: [{ ...spans("claude-sonnet-5", 0), speed: "fast" }] },
      -500_000_000,
      ["modifier"],
    ],
    [
      "missing thread",
      { usage: usage([200_000, 0, 0, 0, 0]), listCostCents: 90 },
      100_000_000,
      ["missing_thread"],
    ],
    [
      "no split",
      { covered: [spans("claude-opus-5", 100_000)], usage: usage(UNKNOWN), listCostCents: 150 },
      -375_000_000,
      ["missing_split"],
    ],
    [
      "half a split",
      {
        covered: [spans("claude-opus-5", 100_000)],
        usage: usage([100_000, 1, null, 0, 0]),
        listCostCents: 100,
      },
      499_996_250,
      ["missing_split"],
    ],
    [
      "a split over models that pay differently for it",
      {
        covered: [spans("claude-opus-5", 50_000), spans("claude-haiku-4-5", 50_000)],
        usage: usage([200_000, 50_000, 50_000, 0, 0]),
        listCostCents: 200,
      },
      -912_500_000,
      ["missing_split"],
    ],
    [
      "a snapshot that lags",
      { usage: usage([50_000, 0, 0, 0, 0]), listCostCents: 25 },
      250_000_000,
      ["late_events"],
    ],
    [
      "a snapshot that knows of no writes yet",
      { covered: [spans("claude-opus-5", 100_000)] },
      625_000_000,
      ["missing_split", "late_events"],
    ],
    [
      "no cause in a session model that prices nothing",
      { sessionModel: null, listCostCents: 10 },
      400_000_000,
      [],
    ],
    [
      "running time beyond the last list cost",
      { settled: false, listCostCents: 40 },
      1e8,
      ["late_events"],
    ],
    ["a workspace that defaults to the US", { listCostCents: 55 }, -50_000_000, ["modifier"]],
    [
      "the same with the geography named",
      { covered: [{ ...spans("claude-opus-5", 0), geo: "global" }], listCostCents: 55 },
      -50_000_000,
      [],
    ],
    ["a grader", { graderTokens: true, listCostCents: 90 }, -400_000_000, ["grader_model"]],
  ])("%s", (_name, given: Partial<SessionCostInput>, driftNanos, driftCauses) => {
    expect(causes(given)).toEqual({ driftNanos, driftCauses });
  });
});
