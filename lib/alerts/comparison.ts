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

/** The severest bound that every one of the values is past; null when none is. */
export function severityOf(values: readonly number[], { op, bounds }: Compared): Severity | null {
  for (const { at, severity } of bounds)
    if (values.every((value) => isPast(value, op, at))) return severity;
  return null;
}

/** Open ones that have not recovered yet keep the mildest severity of the rule. */
const mildest = ({ bounds }: Compared): Severity => bounds.at(-1)?.severity ?? "warning";

type Given = { compared: Compared; guards?: Guards; open: boolean };

/** Compares a value that there is, with volume enough to be judged. */
export function outcomeOf(found: Found, { compared, guards, open }: Given): Outcome {
  const lower = guards?.confidence ? lowerBound(found) : null;
  const values = lower === null ? [found.value] : [found.value, lower];
  const held =
    open && compared.recover !== null && !isRecovered(found.value, compared.op, compared.recover);
  const severity = severityOf(values, compared) ?? (held ? mildest(compared) : null);
  if (severity === null || (guards && (found.numerator ?? Infinity) < guards.min_bad))
    return { ...found, kind: "ok" };
  return { ...found, kind: "breach", severity };
}

function lowerBound({ numerator, denominator }: Found): number | null {
  if (numerator === undefined || denominator === undefined) return null;
  return wilsonInterval(numerator, denominator, GUARD_Z)?.low ?? null;
}
