/** 95 % of the normal distribution lie within so many standard deviations of its middle. */
export const Z95 = 1.959963984540054;

export type Interval = { low: number; high: number };

/**
 * Where the true rate lies with 95 % confidence, or that of another `z`, when `hits` of `trials` were
 * seen: Wilson's score interval, which is right for few trials and for rates near 0 and 1. Null
 * without any trial.
 */
export function wilsonInterval(hits: number, trials: number, z = Z95): Interval | null {
  if (!(trials > 0)) return null;
  const rate = Math.min(1, Math.max(0, hits / trials));
  const square = z * z;
  const scale = 1 + square / trials;
  const middle = (rate + square / (2 * trials)) / scale;
  const half =
    (z * Math.sqrt((rate * (1 - rate)) / trials + square / (4 * trials * trials))) / scale;
  // Rounding must not leave the observed rate outside of its own interval.
  return {
    low: rate === 0 ? 0 : Math.min(rate, Math.max(0, middle - half)),
    high: rate === 1 ? 1 : Math.max(rate, Math.min(1, middle + half)),
  };
}
