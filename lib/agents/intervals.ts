import { wilsonInterval } from "@/lib/metrics/wilson";

/** As `Z95` for 99 %. */
export const Z99 = 2.5758293035489004;

/** A figure and where the true one lies. */
export type Estimate = { value: number; low: number; high: number };

/** A rate within Wilson's score interval; null without any trial. */
export function rateEstimate(hits: number, trials: number, z: number): Estimate | null {
  const interval = wilsonInterval(hits, trials, z);
  return interval && { value: hits / trials, ...interval };
}

/**
 * The difference of two figures of samples that have nothing to do with each other, from the interval
 * of each: the method of variance estimates recovery, of which Newcombe's interval for two rates is
 * the best known case (Newcombe 1998, Statistics in Medicine 17, 873, method 10; Zou & Donner 2008).
 */
export function difference(from: Estimate, to: Estimate): Estimate {
  const value = to.value - from.value;
  return {
    value,
    low: value - Math.hypot(to.value - to.low, from.high - from.value),
    high: value + Math.hypot(to.high - to.value, from.value - from.low),
  };
}

/** How much greater the second is than the first: 0.25 is a quarter more. Both are above 0. */
export function relativeDifference(from: Estimate, to: Estimate): Estimate {
  const log = ({ value, low, high }: Estimate) => ({
    value: Math.log(value),
    low: Math.log(low),
    high: Math.log(high),
  });
  const { value, low, high } = difference(log(from), log(to));
  return { value: Math.expm1(value), low: Math.expm1(low), high: Math.expm1(high) };
}

/** Sums over the sessions of a sample: what they cost, and which of them count below the line. */
export type CostSums = {
  sessions: number;
  counted: number;
  cost: number;
  costSquares: number;
  /** Cost of the counted ones. */
  countedCost: number;
};

/**
 * The standard error of cost ÷ counted sessions as a share of that quotient: both parts vary, and
 * together (the delta method for ratios). Null where too little is known. With all sessions counted
 * it is the standard error of a mean, and what follows is Welch's comparison on the logarithmic
 * scale, on which skewed costs are closer to normal and no interval reaches below 0.
 */
export function costError({ sessions, counted, cost, ...sums }: CostSums): number | null {
  if (sessions < 2 || counted === 0 || cost <= 0) return null;
  const quotient = cost / counted;
  const residuals =
    sums.costSquares - 2 * quotient * sums.countedCost + quotient * quotient * counted;
  const variance = (sessions * Math.max(0, residuals)) / ((sessions - 1) * counted * counted);
  return Math.sqrt(variance) / quotient;
}

/** A figure above 0 with the share of it that is its standard error. */
export const logEstimate = (value: number, error: number, z: number): Estimate => ({
  value,
  low: value * Math.exp(-z * error),
  high: value * Math.exp(z * error),
});

/**
 * Between which shares of a sample the true quantile lies: the binomial order statistics, which know
 * nothing of how the values are distributed. Null where the sample is too small to say.
 */
export function quantileShares(
  share: number,
  size: number,
  z: number,
): { low: number; high: number } | null {
  if (!(size > 0)) return null;
  const half = z * Math.sqrt((share * (1 - share)) / size);
  const [low, high] = [share - half, share + half];
  return low > 0 && high < 1 ? { low, high } : null;
}
