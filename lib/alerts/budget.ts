import type { ObservationOf } from "./observation";
import type { RuleOf } from "./rule-schema";
import type { Labels } from "./schema";

/** Fewer whole days say nothing of those to come. */
export const FEWEST_DAYS = 3;
const MOST_DAYS = 7;

type Part = ObservationOf<"budget">["part"];

/** What a rule of a budget has an alert for each of: its tiers and the forecast. */
export function partsOf({ tiers, forecast }: RuleOf<"budget">): { labels: Labels; part: Part }[] {
  const shares = [...new Set(tiers)].sort((a, b) => a - b);
  return [
    ...shares.map((tier) => ({ labels: { tier: tierText(tier) }, part: { tier } })),
    ...(forecast ? [{ labels: { tier: "forecast" }, part: "forecast" as const }] : []),
  ];
}

const tierText = (share: number): string => `${Number((share * 100).toPrecision(6))}%`;

/**
 * What will have been spent by the period's end when the days left cost what the last whole days did, seven
 * at most; null with fewer than three. `days` are whole days, oldest first.
 */
export function projectionOf(
  days: readonly number[],
  { spent, daysLeft }: { spent: number; daysLeft: number },
): number | null {
  if (days.length < FEWEST_DAYS) return null;
  const last = days.slice(-MOST_DAYS);
  return spent + (last.reduce((sum, each) => sum + each, 0) / last.length) * daysLeft;
}
