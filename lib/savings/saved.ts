import { findPrice } from "@/lib/costs/book";
import type { PriceBook } from "@/lib/costs/schema";

/** A model's tokens of a time in which no price changed, and what they cost, in nano-dollars. */
export type Used = {
  model: string;
  input: number;
  write5m: number;
  write1h: number;
  read: number;
  output: number;
  spent: number;
  unpriced: number;
};

export type Saved = {
  /** What the tokens that were read would have cost more as new input. */
  saved: number;
  /** What writing to the cache cost above plain input. */
  premium: number;
};

const PICO_PER_NANO = 1_000;

/**
 * What the cache saved and cost, in nano-dollars; null without a price. Fast mode, geography and large
 * prompts change all prices of a request alike: they are taken in by what the tokens cost altogether.
 * `atUs` is any instant of the time.
 */
export function savedBy(used: Used, atUs: number, book: PriceBook): Saved | null {
  const point = { geo: null, speed: null, promptTokens: 0, atUs };
  const found = findPrice({ model: used.model, ...point }, book);
  if (found.kind !== "priced") return null;
  const { inputPico, cacheWrite5mPico, cacheWrite1hPico, cacheReadPico, outputPico } = found.row;
  const standard =
    (used.input * inputPico +
      used.write5m * cacheWrite5mPico +
      used.write1h * cacheWrite1hPico +
      used.read * cacheReadPico +
      used.output * outputPico) /
    PICO_PER_NANO;
  // Where some tokens have no price, what was spent is not for all of them.
  const factor = used.unpriced > 0 || standard === 0 ? 1 : used.spent / standard;
  const premium =
    used.write5m * (cacheWrite5mPico - inputPico) + used.write1h * (cacheWrite1hPico - inputPico);
  return {
    saved: (used.read * (inputPico - cacheReadPico) * factor) / PICO_PER_NANO,
    premium: (premium * factor) / PICO_PER_NANO,
  };
}

/** The times into which price changes divide a range; changes and bounds in µs. */
export function dividedBy(
  changesUs: readonly number[],
  range: { fromUs: number; toUs: number },
): { fromUs: number; toUs: number }[] {
  const inside = changesUs.filter((us) => us > range.fromUs && us < range.toUs);
  const bounds = [range.fromUs, ...inside.sort((a, b) => a - b), range.toUs];
  return bounds.slice(1).map((toUs, at) => ({ fromUs: bounds[at] ?? range.fromUs, toUs }));
}

const MINUTE_US = 60_000_000;

/** The times of a range in which a book's prices stay the same; they change at whole minutes, as metrics are kept by. */
export function partsOf(range: { fromUs: number; toUs: number }, book: PriceBook) {
  const changes = [...book.rows, ...book.meterChanges].map(
    ({ effectiveFromUs: us }) => us - (us % MINUTE_US),
  );
  return dividedBy([...new Set(changes)], range);
}
