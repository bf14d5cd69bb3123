import type { Judged } from "./rule";

/** Whether a value is farther from what a rule wants than another. */
export function isFarther(rule: Judged, value: number, than: number): boolean {
  if (rule.kind === "anomaly" && rule.anomaly.direction === "below") return value < than;
  if (!("op" in rule)) return value > than;
  const { op, fire } = rule;
  if (op === ">" || op === ">=") return value > than;
  if (op === "<" || op === "<=") return value < than;
  const [low, high] = Array.isArray(fire) ? fire : [fire, fire];
  const off = (one: number) => Math.abs(one - (low + high) / 2);
  return op === "outside" ? off(value) > off(than) : off(value) < off(than);
}
