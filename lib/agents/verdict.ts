import { Z95 } from "@/lib/metrics/wilson";
import {
  type CostSums,
  costError,
  difference,
  type Estimate,
  logEstimate,
  rateEstimate,
  relativeDifference,
  Z99,
} from "./intervals";
import type { ComparedFigure, Needed, VerdictKind } from "./schema";

/** Means of skewed costs are near enough to normal from so many sessions on. */
export const LEAST_COSTS = 30;
/** What would take more sessions than this is not worth waiting for. */
const MOST_NEEDED = 100_000;
/** Differences within these matter to nobody: points of the failure rate, share of the cost. */
const ALIKE = { failure_rate: 0.03, cost_per_completed_session: 0.1 };

type Sample = { failed: number; decided: number };

/**
 * Failure rates of two versions. Each side has its 95 % interval; the verdict and the interval of the
 * difference are of 99 %, since two figures decide and people look at them again and again.
 */
export function compareRates(from: Sample, to: Sample): ComparedFigure {
  const estimate = ({ failed, decided }: Sample, z: number) => rateEstimate(failed, decided, z);
  const at = (moreFrom: number, moreTo: number) => {
    const [a, b] = [grown(from, moreFrom), grown(to, moreTo)].map((one) => estimate(one, Z99));
    return a && b ? difference(a, b) : null;
  };
  return {
    id: "failure_rate",
    base: { ...sideOf(estimate(from, Z95)), size: from.decided },
    version: { ...sideOf(estimate(to, Z95)), size: to.decided },
    ...decided(at),
  };
}

/** The same sample with more of its kind. */
const grown = ({ failed, decided: size }: Sample, more: number): Sample => ({
  failed: size === 0 ? 0 : failed * (1 + more / size),
  decided: size === 0 ? 0 : size + more,
});

/** `value` is the figure as the metric tells it, `spread` how much its sessions vary. */
export type CostSample = { value: number | null; spread: CostSums };

/** What a session costs with two versions. */
export function compareCosts(
  id: "cost_per_completed_session" | "cost_per_session",
  from: CostSample,
  to: CostSample,
): ComparedFigure {
  const estimate = ({ value, spread }: CostSample, z: number, more = 0) => {
    const error = spread.sessions < LEAST_COSTS ? null : costError(spread);
    if (value === null || value <= 0 || error === null) return null;
    return logEstimate(value, error * Math.sqrt(spread.sessions / (spread.sessions + more)), z);
  };
  const side = (sample: CostSample) => ({
    ...sideOf(estimate(sample, Z95), sample.value),
    size: sample.spread.sessions,
  });
  const at = (moreFrom: number, moreTo: number) => {
    const [a, b] = [estimate(from, Z99, moreFrom), estimate(to, Z99, moreTo)];
    return a && b ? relativeDifference(a, b) : null;
  };
  return { id, base: side(from), version: side(to), ...decided(at) };
}

/** A quantile with the values between which it lies, at 95 and at 99 %. */
export type QuantileSample = {
  value: number | null;
  size: number;
  within95: [number, number] | null;
  within99: [number, number] | null;
};

/** How long the slowest turns take; how many more would decide is not told: their values are not known. */
export function compareQuantiles(from: QuantileSample, to: QuantileSample): ComparedFigure {
  const estimate = ({ value }: QuantileSample, within: [number, number] | null) =>
    value === null || value <= 0 || within === null || within[0] <= 0
      ? null
      : { value, low: Math.min(value, within[0]), high: Math.max(value, within[1]) };
  const side = (sample: QuantileSample) => ({
    ...sideOf(estimate(sample, sample.within95), sample.value),
    size: sample.size,
  });
  const [a, b] = [from, to].map((sample) => estimate(sample, sample.within99));
  const between = a && b ? relativeDifference(a, b) : null;
  return {
    id: "turn_duration_p95",
    ...{ base: side(from), version: side(to), difference: between },
    ...{ verdict: sayOf(between), needed: null },
  };
}

const sideOf = (estimate: Estimate | null, value: number | null = null) =>
  estimate ?? { value, low: null, high: null };

/** Of all figures less is better. */
function sayOf(between: Estimate | null): ComparedFigure["verdict"] {
  if (between === null) return "unknown";
  if (between.high < 0) return "better";
  return between.low > 0 ? "worse" : "undecided";
}

/** `at` is the difference as it would be with so many more sessions that are like those there are. */
function decided(at: (moreFrom: number, moreTo: number) => Estimate | null) {
  const between = at(0, 0);
  const verdict = sayOf(between);
  const needed = verdict === "undecided" ? neededOf(at) : null;
  return { difference: between, verdict, needed };
}

/** Sessions of the newer version alone, or of both where that takes fewer in all. */
function neededOf(at: (moreFrom: number, moreTo: number) => Estimate | null): Needed | null {
  const isDecided = (moreFrom: number, moreTo: number) => {
    const say = sayOf(at(moreFrom, moreTo));
    return say === "better" || say === "worse";
  };
  const ofVersion = least((more) => isDecided(0, more));
  const ofBoth = least((more) => isDecided(more, more));
  if (ofVersion !== null && (ofBoth === null || ofVersion <= 2 * ofBoth))
    return { sessions: ofVersion, of: "version" };
  return ofBoth === null ? null : { sessions: ofBoth, of: "both" };
}

/** The least number for which it holds, if it holds for all above. */
function least(holds: (more: number) => boolean): number | null {
  if (!holds(MOST_NEEDED)) return null;
  let [low, high] = [0, MOST_NEEDED];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** What failing and cost say together. The others are told beside them and decide nothing. */
export function overallOf(figures: readonly ComparedFigure[]): {
  verdict: VerdictKind;
  needed: Needed | null;
} {
  const deciding = figures.filter(({ id }) => Object.hasOwn(ALIKE, id));
  const say = (verdict: ComparedFigure["verdict"]) =>
    deciding.some((figure) => figure.verdict === verdict);
  if (say("better") && say("worse")) return { verdict: "mixed", needed: null };
  if (say("worse")) return { verdict: "worse", needed: null };
  if (say("better")) return { verdict: "better", needed: null };
  if (deciding.every(isAlike)) return { verdict: "alike", needed: null };
  const needed = deciding.flatMap((figure) => figure.needed ?? []);
  const total = ({ sessions, of }: Needed) => (of === "both" ? 2 * sessions : sessions);
  const [first] = needed.sort((a, b) => total(a) - total(b));
  return { verdict: "not_enough", needed: first ?? null };
}

function isAlike({ id, difference: between }: ComparedFigure): boolean {
  const margin = ALIKE[id as keyof typeof ALIKE];
  return between !== null && between.low > -margin && between.high < margin;
}
