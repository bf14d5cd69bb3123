import {
  formatCompact,
  formatCount,
  formatDuration,
  formatNanos,
  formatPercent,
} from "@/lib/format";
import type { Unit } from "./metric";

/** A metric's value as people read it, with its unit: "31.2 %", "$12.40", "4 min 12 s"; null → "–". */
export function figureText(value: number | null, unit: Unit): string {
  if (value === null) return "–";
  switch (unit) {
    case "ratio":
      return formatPercent(value);
    case "nanodollars":
      return formatNanos(value);
    case "ms":
      return formatDuration(value);
    case "seconds":
      return formatDuration(value * 1000);
    case "hours":
      return `${rounded(value)} h`;
    case "per_minute":
      return `${rounded(value)} per min`;
    case "tokens":
      return `${formatCompact(value)} tokens`;
    case "count":
      return rounded(value);
  }
}

const rounded = (value: number) =>
  Number.isInteger(value) ? formatCount(value) : `${Number(value.toPrecision(3))}`;
