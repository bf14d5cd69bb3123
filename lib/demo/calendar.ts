import type { Random } from "@/lib/demo/random";

export const MILLI_US = 1_000;
export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 60 * MINUTE_US;
export const DAY_US = 24 * HOUR_US;

export interface Span {
  fromUs: number;
  toUs: number;
}

/** The stretch of time a fleet is simulated over, and the two incidents in it. */
export interface Calendar extends Span {
  /** A version that fails often is live for a few hours of the last two days. */
  badDeploy: Span;
  /** One hour in which the provider is overloaded. */
  overload: Span;
}

/** Traffic of a working day by hour (UTC), the two peaks being Europe's and America's mornings. */
const HOURLY: readonly number[] = [
  0.12, 0.1, 0.09, 0.09, 0.1, 0.15, 0.3, 0.55, 0.8, 0.95, 1, 0.95, 0.9, 1, 1.1, 1.1, 1, 0.85, 0.65,
  0.45, 0.32, 0.25, 0.2, 0.15,
];
const WEEKEND = 0.16;
const SURGE = 1.8;

export function weekdayOf(us: number): number {
  return (Math.floor(us / DAY_US) + 4) % 7;
}

export function isWeekend(us: number): boolean {
  const day = weekdayOf(us);
  return day === 0 || day === 6;
}

/** Relative traffic at an instant. */
export function trafficAt(us: number): number {
  const hour = Math.floor((us % DAY_US) / HOUR_US);
  return (HOURLY[hour] ?? 0) * (isWeekend(us) ? WEEKEND : 1);
}

export function calendarOf(nowUs: number, days: number): Calendar {
  const fromUs = nowUs - days * DAY_US;
  const deployFrom = Math.max(fromUs + 2 * HOUR_US, nowUs - 46 * HOUR_US);
  const badDeploy = busiest({ fromUs: deployFrom, toUs: nowUs - 2 * HOUR_US }, 4);
  const overloadTo = days > 3 ? nowUs - 50 * HOUR_US : badDeploy.fromUs;
  const overload = busiest(
    { fromUs: Math.max(fromUs, overloadTo - 4 * DAY_US), toUs: overloadTo },
    1,
  );
  return { fromUs, toUs: nowUs, badDeploy, overload };
}

export function within(span: Span, us: number): boolean {
  return us >= span.fromUs && us < span.toUs;
}

/** The `hours` whole hours of a stretch with the most traffic. */
function busiest(range: Span, hours: number): Span {
  let best = range.fromUs;
  let bestTraffic = -1;
  for (let from = range.fromUs; from + hours * HOUR_US <= range.toUs; from += HOUR_US) {
    let traffic = 0;
    for (let i = 0; i < hours; i += 1) traffic += trafficAt(from + i * HOUR_US);
    if (traffic > bestTraffic) {
      bestTraffic = traffic;
      best = from;
    }
  }
  return { fromUs: best, toUs: best + hours * HOUR_US };
}

/**
 * `count` instants in ascending order that follow the rhythm of day and week, with a surge of
 * traffic: the i-th lies in the i-th of `count` equal shares of it.
 */
export function* startTimes(
  range: Span & { surge: Span },
  count: number,
  random: Random,
): Generator<number> {
  const slots = Math.max(1, Math.ceil((range.toUs - range.fromUs) / HOUR_US));
  const cumulative = new Float64Array(slots + 1);
  for (let i = 0; i < slots; i += 1) {
    const growth = 0.85 + (0.3 * i) / slots;
    const atUs = range.fromUs + i * HOUR_US;
    const traffic = trafficAt(atUs) * growth * (within(range.surge, atUs) ? SURGE : 1);
    cumulative[i + 1] = (cumulative[i] ?? 0) + traffic;
  }
  const total = cumulative[slots] ?? 1;
  let slot = 0;
  for (let i = 0; i < count; i += 1) {
    const target = ((i + random.next()) / count) * total;
    while (slot < slots - 1 && (cumulative[slot + 1] ?? 0) <= target) slot += 1;
    const low = cumulative[slot] ?? 0;
    const high = cumulative[slot + 1] ?? low;
    const share = high > low ? (target - low) / (high - low) : 0;
    yield Math.min(range.toUs - 1, Math.round(range.fromUs + (slot + share) * HOUR_US));
  }
}

/** A schedule simple enough to be computed here and written as a cron expression. */
export interface Schedule {
  /** UTC hours at which it runs. */
  hours: readonly number[];
  minute: number;
  weekdaysOnly: boolean;
}

export function cronExpression(schedule: Schedule): string {
  return `${schedule.minute} ${schedule.hours.join(",")} * * ${schedule.weekdaysOnly ? "1-5" : "*"}`;
}

/** The instants of a schedule in a stretch of time, ascending. */
export function runsOf(schedule: Schedule, range: Span): number[] {
  const runs: number[] = [];
  const firstDay = Math.floor(range.fromUs / DAY_US) * DAY_US;
  for (let day = firstDay; day < range.toUs; day += DAY_US) {
    if (schedule.weekdaysOnly && isWeekend(day)) continue;
    for (const hour of schedule.hours) {
      const at = day + hour * HOUR_US + schedule.minute * MINUTE_US;
      if (at >= range.fromUs && at < range.toUs) runs.push(at);
    }
  }
  return runs;
}
