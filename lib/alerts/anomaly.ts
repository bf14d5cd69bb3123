/** Fewer seasons say nothing of what is usual. */
export const FEWEST_SEASONS = 3;
/** Makes the median of deviations the standard deviation of what is spread normally. */
const NORMAL = 1.4826;

export type Usual = { middle: number; spread: number };

/** The median of the same hour of other seasons, and how far they lie from it; null with fewer than three. */
export function usualOf(history: readonly number[]): Usual | null {
  if (history.length < FEWEST_SEASONS) return null;
  const middle = median(history);
  return { middle, spread: NORMAL * median(history.map((value) => Math.abs(value - middle))) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const above = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? above : ((sorted[half - 1] ?? 0) + above) / 2;
}

type Far = { spreads: number; min_delta: number; direction: "above" | "below" | "both" };

/** Whether a value lies too far from what is usual. Where seasons were all alike, any distance is far. */
export function isUnusual(value: number, usual: Usual, far: Far): boolean {
  const off = value - usual.middle;
  if (far.direction === "above" && off < 0) return false;
  if (far.direction === "below" && off > 0) return false;
  const distance = Math.abs(off);
  return distance > far.spreads * usual.spread && distance >= far.min_delta;
}
