import { ApiFault, invalid } from "./errors";

/** A standing reason why every read is refused. */
export type Refusal =
  | "spend_limit"
  | "usage_limit"
  | "billing"
  | "forbidden"
  | "unauthorized"
  | "overloaded";

/** What goes wrong by chance. Figures without a unit are probabilities, 0 to 1. */
export type Faults = {
  seed: number;
  error500: number;
  error529: number;
  /** 429 with `retry-after`. */
  limited: number;
  retryAfterSeconds: number;
  /** 429 without. */
  limitedBare: number;
  slow: number;
  slowMs: number;
  /** The connection ends before the answer, or in its middle. */
  cutBefore: number;
  cutWithin: number;
  /** Half of the JSON, in an answer that looks whole. */
  truncated: number;
  /** A page without items that has a next one. */
  emptyPage: number;
  /** A page begins with the last items of the one before. */
  duplicate: number;
  /** Share of events that no list shows until `hiddenMs` after they came. */
  hidden: number;
  hiddenMs: number;
  /** A stream is cut in place of an event. */
  cutStream: number;
  refuse: Refusal | null;
};

export const NO_FAULTS: Faults = {
  seed: 1,
  error500: 0,
  error529: 0,
  limited: 0,
  retryAfterSeconds: 1,
  limitedBare: 0,
  slow: 0,
  slowMs: 100,
  cutBefore: 0,
  cutWithin: 0,
  truncated: 0,
  emptyPage: 0,
  duplicate: 0,
  hidden: 0,
  hiddenMs: 2_000,
  cutStream: 0,
  refuse: null,
};

/** Chance from a seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  hits(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }
}

/** The same share of the same ids every time. */
export function isAmong(id: string, share: number, seed: number): boolean {
  if (share <= 0) return false;
  let hash = seed >>> 0;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  return new Dice(hash).next() < share;
}

export function refusal(reason: Refusal): ApiFault {
  switch (reason) {
    case "spend_limit":
      return new ApiFault(429, "rate_limit_error", "The monthly spend limit is reached.", {
        details: { error_code: "enforced_spend_limit_reached" },
      });
    case "usage_limit":
      return invalid("You have reached your specified workspace API usage limits.");
    case "billing":
      return new ApiFault(402, "billing_error", "There is a problem with the billing account.");
    case "forbidden":
      return new ApiFault(403, "permission_error", "The key may not use this resource.");
    case "unauthorized":
      return new ApiFault(401, "authentication_error", "invalid x-api-key");
    case "overloaded":
      return new ApiFault(529, "overloaded_error", "Overloaded");
  }
}

/** Throws when this request is one of the unlucky ones. */
export function throwByChance(faults: Faults, dice: Dice): void {
  if (dice.hits(faults.error500)) throw new ApiFault(500, "api_error", "Internal server error");
  if (dice.hits(faults.error529)) throw refusal("overloaded");
  if (dice.hits(faults.limited))
    throw new ApiFault(429, "rate_limit_error", "Too many requests.", {
      headers: { "retry-after": String(faults.retryAfterSeconds) },
    });
  if (dice.hits(faults.limitedBare))
    throw new ApiFault(429, "rate_limit_error", "Too many requests.");
}
