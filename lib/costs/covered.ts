import { type PricePoint, parseUsageKey } from "@/lib/costs/book";
import type { CoveredTokens, TokenCounts } from "@/lib/costs/schema";

/** Tokens of one model, geography and price point. */
export interface TokenGroup {
  model: string | null;
  geo: string | null;
  /** Null when the key is none of ours. */
  point: PricePoint | null;
  tokens: TokenCounts;
}

export function sumTokens(counts: readonly TokenCounts[]): TokenCounts {
  const sum = { input: 0, cacheWrite: 0, cacheRead: 0, output: 0 };
  for (const tokens of counts) {
    sum.input += tokens.input;
    sum.cacheWrite += tokens.cacheWrite;
    sum.cacheRead += tokens.cacheRead;
    sum.output += tokens.output;
  }
  return sum;
}

/** Groups in an order of their own, so that neither order nor partition of `covered` shows in a figure. */
export function groupCovered(covered: readonly CoveredTokens[]): TokenGroup[] {
  const groups = new Map<string, TokenGroup>();
  for (const { model, geo, speed = null, key, tokens } of covered) {
    const parsed = parseUsageKey(key);
    const point = parsed && { ...parsed, speed: parsed.speed ?? speed };
    const id = JSON.stringify([model, geo, point?.speed ?? null, key]);
    const known = groups.get(id);
    const sum = known ? sumTokens([known.tokens, tokens]) : tokens;
    groups.set(id, { model, geo, point, tokens: sum });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
