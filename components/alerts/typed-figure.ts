import { dollarsOfNanos, nanosOfDollars } from "@/lib/costs/dollars";
import type { Unit } from "@/lib/metrics/metric";

const LENGTHS = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MULTIPLES = { "": 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 } as const;

/** A length of time as people type it, "90s", "1h 30m", "4.2 s", in milliseconds; null when it is none. */
export function typedMs(text: string): number | null {
  const trimmed = text.trim();
  if (!/^(\d+(\.\d+)?\s*(ms|s|min|m|h|d)\s*)+$/.test(trimmed)) return null;
  let ms = 0;
  for (const [, number, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)/g))
    ms += Number(number) * LENGTHS[unit as keyof typeof LENGTHS];
  return ms;
}

function msText(ms: number): string {
  if (ms > 0 && ms < 1_000) return `${ms}ms`;
  for (const unit of ["d", "h", "m"] as const)
    if (ms % LENGTHS[unit] === 0 && ms > 0) return `${ms / LENGTHS[unit]}${unit}`;
  return `${ms / 1_000}s`;
}

/** A number as people type it, "1,200", "200k", "0.5"; null when it is none. */
export function typedNumber(text: string): number | null {
  const match = /^(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*([kKMG]?)$/.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = "", rest = "", multiple = ""] = match;
  const value = Number(`${whole.replaceAll(",", "")}${rest}`);
  return (sign ? -1 : 1) * value * MULTIPLES[multiple as keyof typeof MULTIPLES];
}

/** A value typed in the metric's own unit, as the API has it; null when it is none. */
export function typedFigure(text: string, unit: Unit): number | null {
  switch (unit) {
    case "ratio": {
      const percent = typedNumber(text.replace(/\s*%$/, ""));
      return percent === null ? null : Number((percent / 100).toPrecision(12));
    }
    case "nanodollars":
      return nanosOfDollars(text);
    case "ms":
      return typedMs(text);
    case "seconds": {
      const ms = typedMs(text);
      return ms === null ? null : ms / 1_000;
    }
    default:
      return typedNumber(text);
  }
}

/** The same the other way round. */
export function figureTyped(value: number, unit: Unit): string {
  switch (unit) {
    case "ratio":
      return `${Number((value * 100).toPrecision(12))}`;
    case "nanodollars":
      return dollarsOfNanos(Math.round(value)).replace(/\.00$/, "");
    case "ms":
      return msText(value);
    case "seconds":
      return msText(value * 1_000);
    default:
      return `${value}`;
  }
}

/** What stands before and after a field for a value of the unit. */
export const UNIT_SIGNS: Record<Unit, { before?: string; after?: string; like: string }> = {
  ratio: { after: "%", like: "20" },
  nanodollars: { before: "$", like: "5.00" },
  ms: { like: "30s" },
  seconds: { like: "15m" },
  tokens: { after: "tokens", like: "200k" },
  hours: { after: "h", like: "8" },
  per_minute: { after: "per min", like: "10" },
  count: { like: "5" },
};

/** What to type, for a value that is none. */
export const figureHint = (unit: Unit) => `expected a value like ${UNIT_SIGNS[unit].like}`;
