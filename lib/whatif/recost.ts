import { findPrice } from "@/lib/costs/book";
import type { PriceBook, PriceRow } from "@/lib/costs/schema";
import type { Used } from "@/lib/savings/saved";

export const CACHES = ["as_is", "5m", "1h", "none"] as const;
export type Cache = (typeof CACHES)[number];

/** What a model's tokens are to be priced as. */
export type Terms = {
  /** The model that would have answered. */
  model: string;
  cache: Cache;
  /** What the tokens were priced with, and what they are to be. */
  from: PriceBook;
  book: PriceBook;
  /** Any instant of the time they are of. */
  atUs: number;
};

/** `briefly` are tokens that were written again although a cache of one hour would have kept them. */
export type Asked = Used & { briefly: number };

export type Recosted = { nanos: number; unpriced: number };

type Buckets = Pick<Used, "input" | "write5m" | "write1h" | "read" | "output">;

const PICO_PER_NANO = 1_000;

/**
 * The same tokens under other terms, in nano-dollars. Fast mode, geography and large prompts keep the share
 * they had: what the tokens cost above their standard price they cost above the other one as well. Where
 * nothing is other than it was, it is what was spent.
 */
export function recost(used: Asked, terms: Terms): Recosted {
  const { model, cache, from, book } = terms;
  if (model === used.model && cache === "as_is" && from === book)
    return { nanos: used.spent, unpriced: used.unpriced };
  const buckets = cachedAs(used, cache);
  const target = priceOf(model, book, terms.atUs);
  if (!target) return { nanos: 0, unpriced: sumOf(buckets) };
  const own = priceOf(used.model, from, terms.atUs);
  const standard = own ? nanosOf(used, own) : 0;
  const factor = used.unpriced > 0 || standard === 0 ? 1 : used.spent / standard;
  return { nanos: nanosOf(buckets, target) * factor, unpriced: 0 };
}

function priceOf(model: string, book: PriceBook, atUs: number): PriceRow | null {
  const point = { geo: null, speed: null, promptTokens: 0, atUs };
  const found = findPrice({ model, ...point }, book);
  return found.kind === "priced" ? found.row : null;
}

/** Where tokens would have gone under another use of the cache. */
function cachedAs(used: Asked, cache: Cache): Buckets {
  const { input, write5m, write1h, read, output } = used;
  switch (cache) {
    case "as_is":
      return used;
    case "none":
      return { input: input + write5m + write1h + read, write5m: 0, write1h: 0, read: 0, output };
    case "5m":
      return { input, write5m: write5m + write1h, write1h: 0, read, output };
    case "1h": {
      // What expired within the hour would have been read instead of written.
      const kept = Math.min(used.briefly, write5m);
      return { input, write5m: 0, write1h: write5m + write1h - kept, read: read + kept, output };
    }
  }
}

const nanosOf = ({ input, write5m, write1h, read, output }: Buckets, row: PriceRow): number =>
  (input * row.inputPico +
    write5m * row.cacheWrite5mPico +
    write1h * row.cacheWrite1hPico +
    read * row.cacheReadPico +
    output * row.outputPico) /
  PICO_PER_NANO;

const sumOf = ({ input, write5m, write1h, read, output }: Buckets): number =>
  input + write5m + write1h + read + output;
