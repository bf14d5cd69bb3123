import { parseDuration } from "@/lib/alerts/duration";
import type { RuleItem } from "@/lib/alerts/rules-schema";

/** So many episodes say something, and such a share of them is too much. */
const ENOUGH = 4;
const NOISY = 0.5;
const LONGER = ["2m", "5m", "10m", "15m", "30m", "1h"] as const;

/** A longer wait to try with a rule that fires in vain; null where it does not, or where that would not help. */
export function longerWait(rule: RuleItem): string | null {
  const { noise, fired_7d } = rule;
  if (noise === null || noise < NOISY || fired_7d < ENOUGH) return null;
  const now = parseDuration(rule.for) ?? 0;
  return LONGER.find((text) => (parseDuration(text) ?? 0) > now) ?? null;
}
