/** The group, on each channel, of what comes too thick to be told group by group. */
export const STORM_KEY = "storm";
export const STORM_MS = 5 * 60_000;
/** Groups that one channel is told of in that time. */
export const MOST_GROUPS = 20;

type Opening = {
  key: string;
  /** The higher, the more it should be told of by itself. */
  rank: number;
};

/**
 * Of groups that a channel would be told of for the first time, those whose news go into the digest
 * instead. `lately` are the groups that it had messages of.
 */
export function overflowOf(openings: readonly Opening[], lately: ReadonlySet<string>): Set<string> {
  const fresh = openings.filter(({ key }) => !lately.has(key) && key !== STORM_KEY);
  const left = Math.max(0, MOST_GROUPS - lately.size);
  const sorted = fresh.toSorted((a, b) => b.rank - a.rank || (a.key < b.key ? -1 : 1));
  return new Set(sorted.slice(left).map(({ key }) => key));
}
