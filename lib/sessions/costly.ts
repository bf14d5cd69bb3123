/** A model request with its price; `at` is its start. */
export type Step = {
  id: string;
  eventId: string | null;
  threadId: string;
  at: string;
  nanos: number;
};

const SHARE = 0.05;

/** The dearest twentieth of the steps, at least one, in their own order; none that cost nothing. */
export function costlySteps(steps: readonly Step[]): Step[] {
  const prices = steps.map(({ nanos }) => nanos).sort((a, b) => b - a);
  const least = prices[Math.max(0, Math.ceil(prices.length * SHARE) - 1)] ?? 0;
  return steps.filter(({ nanos }) => nanos > 0 && nanos >= least);
}
