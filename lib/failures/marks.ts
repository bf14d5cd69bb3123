import type { ErrorGroupItem } from "./schema";

/** An error that comes back after so many days without it has regressed. */
export const QUIET_DAYS = 7;

/** Minutes from the epoch; null where there is none. */
export type Sightings = {
  first: number | null;
  /** The longest time without the error that ended in the range, as minutes; null without one. */
  quiet: number | null;
};

const QUIET_MINUTES = QUIET_DAYS * 1440;

/**
 * Whether a group is new in a range that begins with the minute `from`, or has come back in it. Where
 * the first session of all `began` in the range, nothing could have been seen before, and nothing is new.
 */
export function markOf(
  { first, quiet }: Sightings,
  { from, began }: { from: number; began: number | null },
): Pick<ErrorGroupItem, "state" | "quiet_ms"> {
  const isFirst = first === null || first >= from;
  if (isFirst && began !== null && began < from) return { state: "new", quiet_ms: null };
  if (quiet !== null && quiet >= QUIET_MINUTES)
    return { state: "regressed", quiet_ms: quiet * 60_000 };
  return { state: "known", quiet_ms: null };
}
