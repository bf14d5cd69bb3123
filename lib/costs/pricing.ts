import { divideHalfUp, splitWrites, toSafe, type WriteSplit } from "@/lib/costs/apportion";
import { findPrice, metersAt, type PriceFound } from "@/lib/costs/book";
import { groupCovered, sumTokens, type TokenGroup } from "@/lib/costs/covered";
import { publishedBehind } from "@/lib/costs/own-prices";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { compareUsage, findDriftCauses, type UsageComparison } from "@/lib/costs/reconcile";
import type {
  PriceBook,
  SessionCost,
  SessionCostInput,
  TokenCounts,
  UsageBuckets,
} from "@/lib/costs/schema";

export { parseUsageKey, usageKey } from "@/lib/costs/book";

// Sums run exactly in thousandths of a pico-dollar (pico per token × a factor in permille), and
// each figure is rounded once, half up, to nano-dollars.
const FINE_PER_NANO = 1_000_000n;
const NANOS_PER_CENT = 10_000_000;
const MS_PER_HOUR = 3_600_000n;
/** Beyond it a list cost is no exact number of nano-dollars. */
const MAX_CENTS = Math.floor(Number.MAX_SAFE_INTEGER / NANOS_PER_CENT);

const nanosFromFine = (fine: bigint) => toSafe(divideHalfUp(fine, FINE_PER_NANO));

export function nanosFromCents(cents: number): number {
  return toSafe(BigInt(cents) * BigInt(NANOS_PER_CENT));
}

/** The API's amount: an integer decimal string of cents, `"187"` for $1.87. Anything else is null, never zero. */
export function parseListCostCents(value: unknown): number | null {
  if (typeof value !== "string" || !/^\d{1,15}$/.test(value)) return null;
  const cents = Number(value);
  return cents <= MAX_CENTS ? cents : null;
}

/** The API's `active_seconds`, metered to the millisecond; null when it is no duration. */
export function activeMsFromSeconds(seconds: unknown): number | null {
  if (typeof seconds !== "number" || !Number.isFinite(seconds) || seconds < 0) return null;
  const ms = Math.round(seconds * 1000);
  return Number.isSafeInteger(ms) ? ms : null;
}

/** Session-hours, rounded half up to the nano-dollar, at the prices of an instant; null takes the newest. */
export function runtimeNanos(
  activeMs: number,
  book: PriceBook = PRICE_BOOK,
  atUs: number | null = null,
): number {
  const { sessionHourNanos } = metersAt(book, atUs);
  return toSafe(divideHalfUp(BigInt(activeMs) * BigInt(sessionHourNanos), MS_PER_HOUR));
}

export function webSearchNanos(
  searches: number,
  book: PriceBook = PRICE_BOOK,
  atUs: number | null = null,
): number {
  return toSafe(BigInt(searches) * BigInt(metersAt(book, atUs).webSearchNanos));
}

function totalTokens(usage: UsageBuckets): bigint {
  return Object.values(usage).reduce((sum, tokens) => sum + BigInt(tokens), 0n);
}

function withSplit(tokens: TokenCounts, writes: WriteSplit): UsageBuckets {
  return {
    inputTokens: tokens.input,
    cacheWrite5mTokens: writes.write5m,
    cacheWrite1hTokens: writes.write1h,
    cacheReadTokens: tokens.cacheRead,
    outputTokens: tokens.output,
  };
}

function finePrice(usage: UsageBuckets, found: PriceFound & { kind: "priced" }): bigint {
  const { row } = found;
  const pico =
    BigInt(usage.inputTokens) * BigInt(row.inputPico) +
    BigInt(usage.cacheWrite5mTokens) * BigInt(row.cacheWrite5mPico) +
    BigInt(usage.cacheWrite1hTokens) * BigInt(row.cacheWrite1hPico) +
    BigInt(usage.cacheReadTokens) * BigInt(row.cacheReadPico) +
    BigInt(usage.outputTokens) * BigInt(row.outputPico);
  return pico * BigInt(found.permille);
}

/**
 * One model request in nano-dollars, rounded half up once. `split` is the session's cache-write
 * split, used as a ratio. Without a price all its tokens are unpriced and nanos is 0.
 */
export function priceRequest(
  request: {
    model: string | null;
    geo: string | null;
    tokens: TokenCounts;
    split: WriteSplit | null;
    speed: string | null;
    atUs: number | null;
    /** Of the whole request, where `tokens` are a part of it. */
    promptTokens?: number | undefined;
  },
  book: PriceBook = PRICE_BOOK,
): { nanos: number; unpricedTokens: number } {
  const { tokens } = request;
  const promptTokens = request.promptTokens ?? tokens.input + tokens.cacheRead + tokens.cacheWrite;
  const usage = withSplit(tokens, splitWrites(tokens.cacheWrite, request.split));
  const found = findPrice({ ...request, promptTokens }, book);
  if (found.kind !== "priced") return { nanos: 0, unpricedTokens: toSafe(totalTokens(usage)) };
  return { nanos: nanosFromFine(finePrice(usage, found)), unpricedTokens: 0 };
}

interface TokensPriced {
  fine: bigint;
  unpricedTokens: bigint;
  unknownModel: boolean;
  unknownModifier: boolean;
  usSurchargeFine: bigint;
}

function priceParts(
  parts: readonly { usage: UsageBuckets; geo: string | null; found: PriceFound }[],
): TokensPriced {
  const sum: TokensPriced = {
    fine: 0n,
    unpricedTokens: 0n,
    unknownModel: false,
    unknownModifier: false,
    usSurchargeFine: 0n,
  };
  for (const { usage, geo, found } of parts) {
    const tokens = totalTokens(usage);
    if (tokens === 0n) continue;
    if (found.kind !== "priced") {
      sum.unpricedTokens += tokens;
      if (found.kind === "unknown_model") sum.unknownModel = true;
      else sum.unknownModifier = true;
      continue;
    }
    sum.fine += finePrice(usage, found);
    if (geo === null) {
      const surcharge = (found.row.geoPermille.us ?? 1000) - 1000;
      sum.usSurchargeFine += finePrice(usage, { ...found, permille: Math.max(0, surcharge) });
    }
  }
  return sum;
}

function priceTokens(
  input: SessionCostInput,
  groups: readonly TokenGroup[],
  comparison: UsageComparison,
  book: PriceBook,
): TokensPriced {
  const parts = groups.map(({ model, geo, point, tokens }, index) => ({
    usage: withSplit(
      tokens,
      comparison.writes[index] ?? { write5m: tokens.cacheWrite, write1h: 0 },
    ),
    geo,
    found: point
      ? findPrice({ model, geo, ...point }, book)
      : { kind: "unknown_modifier" as const },
  }));
  // Nobody knows the prompts behind tokens no span covers: they take the tier of small ones.
  const residual = findPrice(
    {
      model: input.sessionModel,
      geo: input.sessionGeo,
      speed: input.sessionSpeed,
      promptTokens: 0,
      atUs: input.residualAtUs,
    },
    book,
  );
  return priceParts([
    ...parts,
    { usage: comparison.residual, geo: input.sessionGeo, found: residual },
  ]);
}

/** All that a session costs by one book, each figure rounded by itself. */
function priceAll(
  input: SessionCostInput,
  groups: readonly TokenGroup[],
  comparison: UsageComparison,
  book: PriceBook,
) {
  const { residualAtUs: atUs, activeMs, runtimeBilled, webSearches } = input;
  const priced = priceTokens(input, groups, comparison, book);
  const tokensNanos = nanosFromFine(priced.fine);
  const runtime = runtimeBilled ? runtimeNanos(activeMs ?? 0, book, atUs) : 0;
  const searches = webSearchNanos(webSearches, book, atUs);
  return {
    priced,
    computedNanos: toSafe(BigInt(tokensNanos) + BigInt(runtime) + BigInt(searches)),
    tokensNanos,
    runtimeNanos: runtime,
    webSearchNanos: searches,
  };
}

/**
 * A session's cost: tokens, running time and web searches, beside the provider's list cost with the
 * drift and what can explain it. Spans are priced by their own model and never scaled to fit the
 * snapshot; tokens of the snapshot that no span covers are priced at the session's model. Counts
 * are non-negative integers; figures are exact up to $9 million and stand at that bound beyond it.
 */
export function priceSession(input: SessionCostInput, book: PriceBook = PRICE_BOOK): SessionCost {
  const groups = groupCovered(input.covered);
  const comparison = compareUsage({
    spans: sumTokens(groups.map(({ tokens }) => tokens)),
    writeAmounts: groups.map(({ tokens }) => tokens.cacheWrite),
    snapshot: input.usage,
    settled: input.settled,
  });
  const { priced, ...figures } = priceAll(input, groups, comparison, book);
  const { computedNanos } = figures;
  const list = publishedBehind(book);
  const listed = list ? priceAll(input, groups, comparison, list).computedNanos : computedNanos;
  const missingThreadTokens = toSafe(totalTokens(comparison.residual));
  const { listCostCents } = input;
  const driftNanos = listCostCents === null ? null : computedNanos - nanosFromCents(listCostCents);
  return {
    ...figures,
    unpricedTokens: toSafe(priced.unpricedTokens),
    missingThreadTokens,
    listCostCents,
    driftNanos,
    driftCauses:
      driftNanos === null
        ? []
        : findDriftCauses({
            driftNanos,
            unknownModel: priced.unknownModel,
            unknownModifier: priced.unknownModifier,
            missingThread: missingThreadTokens > 0,
            guessedWrites: comparison.guessedWrites,
            spansAhead: comparison.spansAhead,
            settled: input.settled,
            graderTokens: input.graderTokens,
            quantitiesGiven: input.quantitiesGiven,
            usSurchargeNanos: nanosFromFine(priced.usSurchargeFine),
            ownTermsNanos: computedNanos - listed,
          }),
    priceBook: book.version,
    usage: comparison.usage,
  };
}
