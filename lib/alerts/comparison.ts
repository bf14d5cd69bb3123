import { wilsonInterval } from "@/lib/metrics/wilson";
import type { Bound, Compared, Op } from "./rule";
import type { Outcome, Severity } from "./schema";

/** One-sided 95 %. */
const GUARD_Z = 1.645;

export type Found = { value: number; numerator?: number; denominator?: number };
export type Guards = { min_volume: number; min_bad: number; confidence: boolean };

/** Whether a value is past a bound: strictly, or from the bound on, as the operator says. */
export function isPast(value: number, op: Op, at: Bound): boolean {
  const [low, high] = Array.isArray(at) ? at : [at, at];
  switch (op) {
    case ">":
      return value > high;
    case ">=":
      return value >= high;
    case "<":
      return value < low;
    case "<=":
      return value <= low;
    case "outside":
      return value < low || value > high;
    case "inside":
      return value >= low && value <= high;
  }
}

/** Whether a value is strictly past the bound of recovery, on the side where all is well. */
export function isRecovered(value: number, op: Op, at: Bound): boolean {
  const [low, high] = Array.isArray(at) ? at : [at, at];
  switch (op) {
    case ">":
    case ">=":
      return value < low;
    case "<":
    case "<=":
      return value > high;
    case "outside":
      return value > low && value < high;
    case "inside":
      return value < low || value > high;
  }
}

/** The severest bound that a value is past; null when it is past none. */
export function severityOf(value: number, { op, bounds }: Compared): Severity | null {
  for (const { at, severity } of bounds) if (isPast(value, op, at)) return severity;
  return null;
}

/** Open ones that have not recovered yet keep the mildest severity of the rule. */
const mildest = ({ bounds }: Compared): Severity => bounds.at(-1)?.severity ?? "warning";

type Given = { compared: Compared; guards: Guards; open: boolean };

/** Compares a value that there is, with volume enough to be judged. */
export function outcomeOf(found: Found, { compared, guards, open }: Given): Outcome {
  const { value, numerator } = found;
  const { recover, op } = compared;
  let severity = severityOf(value, compared);
  if (severity !== null && guards.confidence) severity = severityOf(lowerBound(found), compared);
  if (severity === null && open && recover !== null && !isRecovered(value, op, recover))
    severity = mildest(compared);
  if (severity === null || (numerator !== undefined && numerator < guards.min_bad))
    return okOf(found);
  return breachOf(found, severity);
}

// Written out: spreading an object takes several times as long, and backtests judge a million values.
export const okOf = ({ value, numerator, denominator }: Found): Outcome => ({
  kind: "ok",
  value,
  numerator,
  denominator,
});

export const lowOf = (
  { numerator, denominator }: Omit<Found, "value">,
  value: number | null,
): Outcome => ({
  kind: "low",
  value,
  numerator,
  denominator,
});

export const breachOf = (
  { value, numerator, denominator }: Found,
  severity: Severity,
): Outcome => ({
  kind: "breach",
  severity,
  value,
  numerator,
  denominator,
});

/** The least that the true rate can well be; without a volume what was found. */
function lowerBound({ value, numerator, denominator }: Found): number {
  if (numerator === undefined || denominator === undefined) return value;
  return wilsonInterval(numerator, denominator, GUARD_Z)?.low ?? value;
}
