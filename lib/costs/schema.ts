// Costs: what tokens, running time and web searches cost, and how that compares with the provider.
// Written by: the published prices (data in prices.ts) and people, whose own terms stand beside them
// in versions (own-schema.ts); the provider's bill is stored by the connector. Read by: ingest, which
// keeps each session's cost, and by metrics and pages.
// Invariant: money is integers, an unknown price is unpriced and never zero, and our figure is
// never scaled to fit the provider's: the difference is the drift, shown with its causes.
import { z } from "zod";
import { DRIFT_CAUSES } from "./drift-causes";

const count = z.int().nonnegative();
const nanos = z.int().nonnegative().describe("nano-dollars (1 USD = 1,000,000,000)");
const pico = z
  .int()
  .nonnegative()
  .describe("pico-dollars per token, the same number as micro-dollars per million tokens");

export const Speed = z.enum(["standard", "fast"]);
export type Speed = z.infer<typeof Speed>;

/**
 * Prices of some models from an instant on. Of the rows that fit a request the newest holds, so a
 * change lists every prompt tier again: one that is not listed again has ended.
 */
export const PriceRow = z.object({
  models: z.array(z.string().min(1)).min(1).describe("every id these prices hold for"),
  speed: Speed,
  promptAbove: count.describe("for requests with more prompt tokens than this; 0 is for all"),
  effectiveFromUs: count.describe("microseconds since the epoch; 0 is since the model's first day"),
  inputPico: pico,
  cacheWrite5mPico: pico,
  cacheWrite1hPico: pico,
  cacheReadPico: pico,
  outputPico: pico,
  geoPermille: z
    .record(z.string(), count)
    .describe("factor per inference geography, 1100 is 1.1×; one not listed has no known price"),
});
export type PriceRow = z.infer<typeof PriceRow>;

const MeterPrices = z.object({
  sessionHourNanos: nanos,
  webSearchNanos: nanos.describe("per search"),
});
export type MeterPrices = z.infer<typeof MeterPrices>;

export const PriceBook = MeterPrices.extend({
  version: z.string().min(1),
  rows: z.array(PriceRow),
  meterChanges: z
    .array(MeterPrices.extend({ effectiveFromUs: count }))
    .describe("other prices of session-hours and searches from an instant on, rising"),
});
export type PriceBook = z.infer<typeof PriceBook>;

/** Tokens as a model request reports them: cache writes are not split by lifetime. */
export const TokenCounts = z.object({
  input: count.describe("uncached input"),
  cacheWrite: count,
  cacheRead: count,
  output: count,
});
export type TokenCounts = z.infer<typeof TokenCounts>;

/** Five disjoint buckets. */
export const UsageBuckets = z.object({
  inputTokens: count,
  cacheWrite5mTokens: count,
  cacheWrite1hTokens: count,
  cacheReadTokens: count,
  outputTokens: count,
});
export type UsageBuckets = z.infer<typeof UsageBuckets>;

/** The provider's cumulative figures, each null while it has not given one. */
export type UsageSnapshot = { [Bucket in keyof UsageBuckets]: number | null };

export const DriftCause = z.enum(DRIFT_CAUSES);
export type DriftCause = z.infer<typeof DriftCause>;

/** Tokens of ended requests, summed by what decides their price. */
export interface CoveredTokens {
  model: string | null;
  geo: string | null;
  /** The thread's configured speed, for requests that did not report one. */
  speed?: string | null;
  /** From `usageKey`. */
  key: string;
  tokens: TokenCounts;
}

export interface SessionCostInput {
  covered: readonly CoveredTokens[];
  /** The newest snapshot, all threads together. */
  usage: UsageSnapshot;
  sessionModel: string | null;
  sessionGeo: string | null;
  sessionSpeed: string | null;
  /** When the snapshot was taken; null takes the newest prices. */
  residualAtUs: number | null;
  activeMs: number | null;
  /** False for loops that run outside the platform: they have no session-hours to pay. */
  runtimeBilled: boolean;
  webSearches: number;
  /** Every token bucket and the active time are the provider's own. */
  quantitiesGiven: boolean;
  listCostCents: number | null;
  /** Some covered tokens are a grader's, whose model is not told. */
  graderTokens: boolean;
  settled: boolean;
}

export const SessionCost = z.object({
  computedNanos: nanos.describe("tokens + runtime + web searches, each already rounded"),
  tokensNanos: nanos,
  runtimeNanos: nanos,
  webSearchNanos: nanos,
  unpricedTokens: count,
  missingThreadTokens: count.describe("tokens of the snapshot that no span covers"),
  listCostCents: count.nullable(),
  driftNanos: z.int().nullable().describe("computed − list"),
  driftCauses: z.array(DriftCause),
  priceBook: z.string(),
  usage: UsageBuckets,
});
export type SessionCost = z.infer<typeof SessionCost>;
