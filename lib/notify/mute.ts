import { wallClock } from "@/lib/time/zone";
import type { Interval, NewMuteTiming } from "./mute-schema";
import { WEEKDAYS } from "./mute-schema";

type Timing = Pick<NewMuteTiming, "tz" | "intervals">;

/** What a zone's clocks and calendar show. */
type Shown = {
  time: string;
  weekday: number;
  day: number;
  days: number;
  month: number;
  year: number;
};

function shownAt(atMs: number, tz: string): Shown {
  const text = wallClock(atMs, tz);
  const [year = 0, month = 1, day = 1] = text.slice(0, 10).split("-").map(Number);
  return {
    time: text.slice(11, 16),
    weekday: (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7,
    ...{ day, month, year },
    days: new Date(Date.UTC(year, month, 0)).getUTCDate(),
  };
}

/** Whether the instant lies in any of the intervals. */
export function isWithin({ tz, intervals }: Timing, atMs: number): boolean {
  const shown = shownAt(atMs, tz);
  return intervals.some((interval) => holds(interval, shown));
}

function holds({ times, weekdays, days_of_month, months, years }: Interval, at: Shown): boolean {
  const isIn = (ranges: { from: number; to: number }[] | undefined, value: number) =>
    !ranges || ranges.some(({ from, to }) => from <= value && value <= to);
  return (
    isIn(years, at.year) &&
    isIn(months, at.month) &&
    isIn(
      days_of_month?.map((days) => daysIn(days, at.days)),
      at.day,
    ) &&
    (!weekdays || weekdays.some((days) => isWeekday(days, at.weekday))) &&
    (!times || times.some(({ from, to }) => from <= at.time && at.time < to))
  );
}

/** Negative ones count from the month's end; what lies beyond it is cut off. */
function daysIn({ from, to }: { from: number; to: number }, days: number) {
  const day = (value: number) => (value < 0 ? days + value + 1 : value);
  return { from: Math.max(1, day(from)), to: Math.min(days, day(to)) };
}

function isWeekday(
  { from, to }: { from: (typeof WEEKDAYS)[number]; to: (typeof WEEKDAYS)[number] },
  weekday: number,
): boolean {
  const [first, last] = [WEEKDAYS.indexOf(from), WEEKDAYS.indexOf(to)];
  return first <= last ? first <= weekday && weekday <= last : weekday >= first || weekday <= last;
}

type Rules = { mute_timings: readonly string[]; active_timings: readonly string[] };

/** What makes a route silent now: the timing that it is, or the first of those that it is none of; null for nothing. */
export function mutedBy<T extends Timing>(
  { mute_timings, active_timings }: Rules,
  timings: ReadonlyMap<string, T>,
  nowMs: number,
): T | null {
  // Timings that are gone neither mute nor allow.
  const known = (ids: readonly string[]) => ids.flatMap((id) => timings.get(id) ?? []);
  const muting = known(mute_timings).find((timing) => isWithin(timing, nowMs));
  if (muting) return muting;
  const active = known(active_timings);
  return active.some((timing) => isWithin(timing, nowMs)) ? null : (active[0] ?? null);
}

/** Whether a route is silent now. */
export const isMuted = (
  rules: Rules,
  timings: ReadonlyMap<string, Timing>,
  nowMs: number,
): boolean => mutedBy(rules, timings, nowMs) !== null;

const MINUTE_MS = 60_000;
/** When what is muted may be so no more: timings are written in minutes. */
export const nextMinute = (nowMs: number) => (Math.floor(nowMs / MINUTE_MS) + 1) * MINUTE_MS;
