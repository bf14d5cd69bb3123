/** A whole day that is over. 0 is Monday. */
export type SpentDay = { weekday: number; nanos: number };
/** A day, or what is left of one. */
export type DayAhead = { weekday: number; share: number };
/** What will have been spent by the end of a day, from now on, in nano-dollars. */
export type Outlook = { expected: number; low: number; high: number };

/** Fewer days say nothing of a week. */
export const FEWEST_DAYS = 7;
/** Eight weeks: what was before is another time. */
export const MOST_DAYS = 56;
/** Of four intervals of five, the sum to come lies inside. */
export const CONFIDENCE = 0.8;
const Z = 1.2816;
const HALF_LIFE_DAYS = 14;
/** Each weekday is taken for an ordinary one to begin with, as much as if half a day had shown it. */
const PRIOR_DAYS = 0.5;
const WEEKDAYS = 7;
const MOST_CORRELATION = 0.8;

export const METHOD =
  "Each day to come is expected to cost what its weekday costs in proportion to the others, at the level of the last eight weeks, in which a day counts half as much as one 14 days later. The interval holds the sum with a probability of 80 %: it comes from how far the days were off, how much they follow each other, and how few they are.";

type Model = {
  /** Of an ordinary day, in nano-dollars. */
  level: number;
  /** By weekday, in proportion to an ordinary day. */
  factors: number[];
  /** Of a day with the factor 1; it grows as the factor does. */
  variance: number;
  /** Of the level. */
  levelVariance: number;
  freedom: number;
};

/**
 * What is still to be spent by the end of each day ahead, from the days that were, oldest first. Null
 * with fewer than seven of them.
 */
export function forecast(spent: readonly SpentDay[], ahead: readonly DayAhead[]): Outlook[] | null {
  const days = spent.slice(-MOST_DAYS);
  if (days.length < FEWEST_DAYS) return null;
  const model = modelOf(days);
  let factors = 0;
  return ahead.map(({ weekday, share }) => {
    factors += share * (model.factors[weekday] ?? 1);
    const expected = model.level * factors;
    const deviation = Math.sqrt(model.variance * factors + model.levelVariance * factors ** 2);
    const reach = quantile(model.freedom) * deviation;
    return {
      expected: Math.round(expected),
      low: Math.max(0, Math.round(expected - reach)),
      high: Math.round(expected + reach),
    };
  });
}

function modelOf(days: readonly SpentDay[]): Model {
  const weights = days.map((_, at) => 0.5 ** ((days.length - 1 - at) / HALF_LIFE_DAYS));
  const sum = (of: (day: SpentDay, weight: number, at: number) => number) =>
    days.reduce((total, day, at) => total + of(day, weights[at] ?? 0, at), 0);
  const all = sum((_, weight) => weight);
  const mean = sum(({ nanos }, weight) => weight * nanos) / all;
  const factors = factorsOf(days, weights, mean);
  const factorOf = ({ weekday }: SpentDay) => factors[weekday] ?? 1;
  const level =
    sum(({ nanos }, weight) => weight * nanos) / sum((day, weight) => weight * factorOf(day));
  // A day's variance grows with its factor, as counts' do: what is off, in that measure.
  const off = days.map((day) => (day.nanos - level * factorOf(day)) / Math.sqrt(factorOf(day)));
  const count = all ** 2 / sum((_, weight) => weight ** 2);
  const weeks = days.length / WEEKDAYS;
  const freedom = Math.max(1, count - 1 - ((WEEKDAYS - 1) * weeks) / (weeks + PRIOR_DAYS));
  const squares = sum((_, weight, at) => weight * (off[at] ?? 0) ** 2) / all;
  const following = correlation(off);
  const variance = ((squares * count) / freedom) * ((1 + following) / (1 - following));
  const levelVariance =
    (variance * sum((day, weight) => weight ** 2 * factorOf(day))) /
    sum((day, weight) => weight * factorOf(day)) ** 2;
  return { level, factors, variance, levelVariance, freedom };
}

function factorsOf(days: readonly SpentDay[], weights: readonly number[], mean: number): number[] {
  return Array.from({ length: WEEKDAYS }, (_, weekday) => {
    let nanos = PRIOR_DAYS * mean;
    let count = PRIOR_DAYS;
    for (const [at, day] of days.entries()) {
      if (day.weekday !== weekday) continue;
      nanos += (weights[at] ?? 0) * day.nanos;
      count += weights[at] ?? 0;
    }
    return mean === 0 ? 1 : nanos / count / mean;
  });
}

/** How much a day that is off says of the next one; what days alternate in is left out. */
function correlation(off: readonly number[]): number {
  const squares = off.reduce((total, each) => total + each ** 2, 0);
  const products = off.reduce((total, each, at) => total + each * (off[at + 1] ?? 0), 0);
  return squares === 0 ? 0 : Math.min(MOST_CORRELATION, Math.max(0, products / squares));
}

/** Of Student's distribution, near enough from three degrees of freedom on. */
const quantile = (freedom: number): number => Z + (Z ** 3 + Z) / (4 * freedom);
