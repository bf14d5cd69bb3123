// What the provider's cost report says, as whole nano-dollars.

/** A cent is 10,000,000 nano-dollars: seven digits behind the point are exact. */
const DIGITS = 7;

/**
 * Cents with any number of decimals, as `"168.3"`, in nano-dollars, rounded half away from zero.
 * Null for anything else: an amount that cannot be read is not zero.
 */
export function nanosFromFractionalCents(text: unknown): bigint | null {
  const match = typeof text === "string" ? /^(-?)(\d{1,15})(?:\.(\d{1,40}))?$/.exec(text) : null;
  if (!match) return null;
  const [, sign = "", whole = "", decimals = ""] = match;
  const exact = BigInt(whole + decimals.slice(0, DIGITS).padEnd(DIGITS, "0"));
  const nanos = exact + (Number(decimals[DIGITS] ?? 0) >= 5 ? 1n : 0n);
  return sign === "-" ? -nanos : nanos;
}

/** What is known of a day of the bill. `partly`: the day had not ended when it was last reported. */
export const DAY_STATES = ["not_asked", "not_reported", "partly", "reported"] as const;
export type DayState = (typeof DAY_STATES)[number];

const DAY_MS = 86_400_000;

/** How far a connection's report reaches; null while it was never read. */
export type Reach = { sinceMs: number; untilMs: number } | null;

/**
 * What is known of the day that begins at `dayMs`: as much as of the connection of which the least is
 * known. A day that was never asked for, or that the provider has not got to yet, is no day without cost.
 */
export function dayState(dayMs: number, reaches: readonly Reach[]): DayState {
  const states = reaches.map((reach) => stateOf(dayMs, reach));
  return DAY_STATES.find((state) => states.includes(state)) ?? "not_asked";
}

function stateOf(dayMs: number, reach: Reach): DayState {
  if (reach === null || dayMs >= reach.untilMs) return "not_reported";
  if (dayMs < reach.sinceMs) return "not_asked";
  return reach.untilMs >= dayMs + DAY_MS ? "reported" : "partly";
}

/** The UTC days that a range touches, the newest first, each by its first instant. */
export function daysOf({ fromMs, toMs }: { fromMs: number; toMs: number }): number[] {
  const days: number[] = [];
  const first = Math.floor(fromMs / DAY_MS) * DAY_MS;
  for (let day = first; day < toMs; day += DAY_MS) days.push(day);
  return days.reverse();
}
