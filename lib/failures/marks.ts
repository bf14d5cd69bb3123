import { type ErrorGroupItem, QUIET_DAYS } from "./schema";

/** Minutes from the epoch; null where there is none. */
export type Sightings = {
  first: number | null;
  /** The longest time without the error that ended in the range, as minutes; null without one. */
  quiet: number | null;
};

const QUIET_MINUTES = QUIET_DAYS * 1440;

/** Whether a group is new in a range that begins with the minute `from`, or has come back in it. */
export function markOf(
  { first, quiet }: Sightings,
  from: number,
): Pick<ErrorGroupItem, "state" | "quiet_ms"> {
  if (first === null || first >= from) return { state: "new", quiet_ms: null };
  if (quiet !== null && quiet >= QUIET_MINUTES)
    return { state: "regressed", quiet_ms: quiet * 60_000 };
  return { state: "known", quiet_ms: null };
}
