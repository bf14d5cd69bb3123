import type { Span } from "@/lib/time/range";
import { startOfDay } from "@/lib/time/zone";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 5, 15, 30].map((n) => n * MINUTE),
  ...[1, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 7, 30, 90, 365, 3650].map((n) => n * DAY),
];
const MOST_BUCKETS = 100;

/** Equal steps that cover a range in at most 100 buckets; `startsMs` are their starts, the first not after the range's. */
export type Buckets = { stepMs: number; startsMs: number[] };

/** Steps of a day and more begin at midnight of the zone, shorter ones at round times of UTC. */
export function bucketsOf({ fromMs, toMs }: Span, tz: string): Buckets {
  const length = Math.max(1, toMs - fromMs);
  const stepMs = STEPS.find((step) => length / step <= MOST_BUCKETS - 2) ?? length;
  const startsMs: number[] = [];
  if (stepMs < DAY) {
    for (let at = Math.floor(fromMs / stepMs) * stepMs; at < toMs; at += stepMs) startsMs.push(at);
    return { stepMs, startsMs };
  }
  // Days of 23 and 25 hours: noon of the day wanted is in that day whatever its length.
  const first = startOfDay(fromMs, tz);
  for (let day = 0; ; day += stepMs) {
    const at = startOfDay(first + day + 12 * HOUR, tz);
    if (at >= toMs || startsMs.length >= MOST_BUCKETS) return { stepMs, startsMs };
    startsMs.push(at);
  }
}
