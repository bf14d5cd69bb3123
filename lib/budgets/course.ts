import { FEWEST_DAYS, forecast, type Outlook } from "@/lib/costs/forecast";
import type { Day } from "@/lib/time/calendar";
import type { Span } from "@/lib/time/range";

/** A day and what it has cost so far, in nano-dollars. */
export type CostOfDay = { day: Day; nanos: number };

/** What will have been spent by the end of a day, from the period's start on, in nano-dollars. */
export type CoursePoint = { day: Day; spent: number | null; outlook: Outlook | null };

export type Course = {
  spent: number;
  points: CoursePoint[];
  /** At the period's end; null where too few days are known. */
  outlook: Outlook | null;
  /** Whole days that are still wanted for it. */
  wanted: number;
};

/**
 * How a period's cost goes, and how it will go on. `costs` are of all days up to the one that holds `nowMs`,
 * `days` are the period's. Days before the first that cost anything say nothing of those to come, and nor
 * does that one, which may have begun late.
 */
export function courseOf(
  costs: readonly CostOfDay[],
  { days, period, nowMs }: { days: readonly Day[]; period: Span; nowMs: number },
): Course {
  const over = costs.filter(({ day }) => day.toMs <= nowMs);
  const first = over.findIndex(({ nanos }) => nanos > 0);
  const known = first === -1 ? [] : over.slice(first + 1);
  const ahead = days.filter(({ toMs }) => toMs > nowMs);
  const outlooks = forecast(
    known.map(({ day, nanos }) => ({ weekday: day.weekday, nanos })),
    ahead.map(({ weekday, fromMs, toMs }) => ({
      weekday,
      share: (toMs - Math.max(fromMs, nowMs)) / (toMs - fromMs),
    })),
  );
  const inPeriod = costs.filter(({ day }) => day.fromMs >= period.fromMs);
  const spent = inPeriod.reduce((sum, { nanos }) => sum + nanos, 0);
  const after = ({ expected, low, high }: Outlook): Outlook => ({
    expected: spent + expected,
    low: spent + low,
    high: spent + high,
  });
  let sum = 0;
  const points = days.map((day): CoursePoint => {
    const cost = inPeriod.find((one) => one.day.fromMs === day.fromMs);
    sum += cost?.nanos ?? 0;
    const outlook = outlooks?.[ahead.indexOf(day)];
    return { day, spent: cost ? sum : null, outlook: outlook ? after(outlook) : null };
  });
  return {
    spent,
    points,
    outlook: outlooks ? (points.at(-1)?.outlook ?? null) : null,
    wanted: Math.max(0, FEWEST_DAYS - known.length),
  };
}

export const BURN_STATES = ["over", "will_exceed", "may_exceed", "within", "unknown"] as const;
export type BurnState = (typeof BURN_STATES)[number];

export type Burn = {
  state: BurnState;
  /** The day on which it is or will probably be used up, "2026-11-20"; null when it will not be. */
  exhausted: string | null;
};

/** Whether an amount lasts for the period. `unknown`: not used up yet, and too few days to say more. */
export function burnOf({ spent, points, outlook }: Course, amount: number): Burn {
  if (spent >= amount) {
    const day = points.find((point) => (point.spent ?? 0) >= amount)?.day;
    return { state: "over", exhausted: day?.date ?? null };
  }
  if (!outlook) return { state: "unknown", exhausted: null };
  const day = points.find((point) => (point.outlook?.expected ?? 0) >= amount)?.day;
  if (day) return { state: "will_exceed", exhausted: day.date };
  return { state: outlook.high >= amount ? "may_exceed" : "within", exhausted: null };
}
