import type { Span } from "./range";
import { startOfDay, wallClock } from "./zone";

export const PERIODS = ["day", "week", "month"] as const;
export type Period = (typeof PERIODS)[number];

/** A day of a zone; days have 23 to 25 hours. */
export type Day = Span & {
  /** "2026-11-20" */
  date: string;
  /** 0 is Monday. */
  weekday: number;
};

const HOUR = 3_600_000;

/** The day of the zone that holds the instant. */
export function dayOf(atMs: number, tz: string): Day {
  const fromMs = startOfDay(atMs, tz);
  const date = wallClock(fromMs, tz).slice(0, 10);
  const weekday = (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7;
  // 26 hours after its start the next day has begun, however long the day is.
  return { date, weekday, fromMs, toMs: startOfDay(fromMs + 26 * HOUR, tz) };
}

/** The days that have any of the span, in their order. */
export function daysOf({ fromMs, toMs }: Span, tz: string): Day[] {
  const days: Day[] = [];
  for (let day = dayOf(fromMs, tz); day.fromMs < toMs; day = dayOf(day.toMs, tz)) days.push(day);
  return days;
}

/** The instant's day, its week from Monday on, or its month. */
export function periodOf(period: Period, atMs: number, tz: string): Span {
  const day = dayOf(atMs, tz);
  if (period === "day") return { fromMs: day.fromMs, toMs: day.toMs };
  const isFirst = ({ date, weekday }: Day) =>
    period === "week" ? weekday === 0 : date.endsWith("-01");
  let first = day;
  while (!isFirst(first)) first = dayOf(first.fromMs - HOUR, tz);
  let end = dayOf(day.toMs, tz);
  while (!isFirst(end)) end = dayOf(end.toMs, tz);
  return { fromMs: first.fromMs, toMs: end.fromMs };
}
