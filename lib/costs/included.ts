import { divideHalfUp, toSafe } from "./apportion";
import type { Included } from "./own-schema";

/** What a calendar month has used; money in nano-dollars. */
export type MonthUse = {
  costNanos: number;
  runtimeNanos: number;
  activeMs: number;
  searchNanos: number;
  searches: number;
};

/** `used` and `amount` in the unit of `of`: nano-dollars, hours or searches. */
export type Credit = { of: Included["of"]; amount: number; used: number; nanos: number };

const MS_PER_HOUR = 3_600_000;
const ORDER = ["session_hours", "web_searches", "cost"] as const;

/**
 * What the amounts included in a month (`2026-11`, UTC) let its total off. Hours and searches are let off
 * at what the month's cost on average, rounded half up to nano-dollars, and dollars come after them; never
 * more than was used.
 */
export function creditsOf(included: readonly Included[], month: string, use: MonthUse): Credit[] {
  let left = use.costNanos;
  return ORDER.flatMap((of) => {
    const amount = newestOf(included, of, month);
    if (amount === 0) return [];
    const { used, nanos } = letOff(of, amount, use);
    const credit = Math.min(left, nanos);
    left -= credit;
    return [{ of, amount, used, nanos: credit }];
  });
}

function letOff(of: Included["of"], amount: number, use: MonthUse) {
  switch (of) {
    case "cost":
      return { used: use.costNanos, nanos: amount };
    case "session_hours":
      return {
        used: use.activeMs / MS_PER_HOUR,
        nanos: shareOf(use.runtimeNanos, amount * MS_PER_HOUR, use.activeMs),
      };
    case "web_searches":
      return { used: use.searches, nanos: shareOf(use.searchNanos, amount, use.searches) };
  }
}

/** The part of a cost that `amount` of `used` is; all of it where nothing more was used. */
function shareOf(nanos: number, amount: number, used: number): number {
  if (amount >= used) return nanos;
  return toSafe(divideHalfUp(BigInt(nanos) * BigInt(amount), BigInt(Math.round(used))));
}

function newestOf(included: readonly Included[], of: Included["of"], month: string): number {
  const holding = included
    .filter((one) => one.of === of && (one.effective_from ?? "").slice(0, 7) <= month)
    .sort((a, b) => ((a.effective_from ?? "") < (b.effective_from ?? "") ? 1 : -1));
  return holding[0]?.amount ?? 0;
}
