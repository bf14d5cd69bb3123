import { type Day, dayOf, daysOf, type Period, periodOf } from "@/lib/time/calendar";
import type { Span } from "@/lib/time/range";
import type { ObservationOf } from "./observation";
import type { Observed } from "./observed";
import type { RuleOf } from "./rule-schema";
import type { Labels } from "./schema";

/** Fewer whole days say nothing of those to come. */
export const FEWEST_DAYS = 3;
const MOST_DAYS = 7;
/** Whole days looked back on for what a budget's days cost, and one that may have begun before. */
const BACK_DAYS = 8;
const DAY_MS = 86_400_000;

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

/** A budget as its rules look at it. */
export type Watched = { name: string; period: string; tz: string; amount_nanos: number };

/** The period that an instant is in, and the days up to it that tell of what is to come. */
export type BudgetDays = { period: Span; days: readonly Day[] };

export function budgetDays({ period, tz }: Watched, atMs: number): BudgetDays {
  const span = periodOf(period as Period, atMs, tz);
  const first = dayOf(Math.min(span.fromMs, atMs - BACK_DAYS * DAY_MS), tz);
  return { period: span, days: daysOf({ fromMs: first.fromMs, toMs: atMs }, tz) };
}

type At = BudgetDays & { atMs: number; nanos: (day: Day) => number };

/** What a rule sees of a budget at an instant; `nanos` is what a day has cost up to then. */
export function observedBudget(
  rule: RuleOf<"budget">,
  { name, amount_nanos: amount }: Watched,
  { atMs, period, days, nanos }: At,
): Observed[] {
  const spent = days
    .filter(({ fromMs }) => fromMs >= period.fromMs)
    .reduce((sum, day) => sum + nanos(day), 0);
  // Days before the first that cost anything say nothing of those to come.
  const whole = days.filter(({ toMs }) => toMs <= atMs).map(nanos);
  const begun = whole.findIndex((each) => each > 0);
  const known = begun === -1 ? [] : whole.slice(begun);
  const daysLeft = (period.toMs - atMs) / DAY_MS;
  const projection = projectionOf(known, { spent, daysLeft });
  return partsOf(rule).map(({ labels, part }) => ({
    labels: { budget: name, ...labels },
    observation: {
      ...{ kind: "budget", part, spent, amount, projection },
      ...{ knownDays: known.length, periodFromMs: period.fromMs },
    },
  }));
}
