import { isoFromMicros } from "@/lib/time/micros";
import { microsOf } from "./instant";
import type { BandSegment } from "./schema";

/** µs from and to. */
export type Interval = readonly [number, number];

/**
 * Splits a band's closed `waiting` segments: waiting only as long as somebody was really waited for,
 * idle for the rest. An idle with `requires_action` may name a call that was answered long ago while
 * a child still works. `waited` are disjoint and in order.
 */
export function splitWaiting(
  band: readonly BandSegment[],
  waited: readonly Interval[],
): BandSegment[] {
  return band.flatMap((segment) => {
    if (segment.state !== "waiting" || segment.to === null) return [segment];
    const [from, to] = [microsOf(segment.from), microsOf(segment.to)];
    const parts: BandSegment[] = [];
    const add = (state: BandSegment["state"], start: number, end: number) => {
      if (end > start) parts.push({ state, from: isoFromMicros(start), to: isoFromMicros(end) });
    };
    let at = from;
    for (const [begin, end] of waited) {
      const [start, stop] = [Math.max(begin, at), Math.min(end, to)];
      if (stop <= start) continue;
      add("idle", at, start);
      add("waiting", start, stop);
      at = stop;
    }
    add("idle", at, to);
    return parts;
  });
}
