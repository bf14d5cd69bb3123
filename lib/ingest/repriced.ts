import type { PartDifference } from "@/lib/costs/repricing-store";
import type { Cell, Family } from "@/lib/metrics/schema";

const MINUTE_MS = 60_000;
/** Cells that say what something cost; what a settled session cost in all is among them already. */
const COSTS: readonly Family[] = ["request", "runtime", "search"];

type Counted = { agent: string; cells: readonly Cell[] };
type Parts = Map<string, PartDifference>;

/** Adds what one session costs, before and after, to the parts by UTC day and agent. */
export function addToParts(parts: Parts, before: Counted, after: Counted): void {
  addSide(parts, before, "before");
  addSide(parts, after, "after");
}

function addSide(parts: Parts, { agent, cells }: Counted, side: "before" | "after"): void {
  for (const { family, minute, measures } of cells) {
    if (!COSTS.includes(family)) continue;
    const day = new Date(minute * MINUTE_MS).toISOString().slice(0, 10);
    const key = JSON.stringify([day, agent]);
    const part = parts.get(key) ?? { day, agent, ...NOTHING };
    part[`${side}_nanos`] += measures.nanos ?? 0;
    part[`unpriced_${side}`] += measures.unpriced_tokens ?? 0;
    parts.set(key, part);
  }
}

const NOTHING = { before_nanos: 0, after_nanos: 0, unpriced_before: 0, unpriced_after: 0 };

/** Whether anything of it differs. */
export const isChange = (parts: Parts): boolean =>
  [...parts.values()].some(
    (part) =>
      part.before_nanos !== part.after_nanos || part.unpriced_before !== part.unpriced_after,
  );

/** Sums of several sessions' parts. */
export function addParts(into: Parts, parts: Parts): void {
  for (const [key, part] of parts) {
    const sum = into.get(key) ?? { ...part, ...NOTHING };
    for (const name of [
      "before_nanos",
      "after_nanos",
      "unpriced_before",
      "unpriced_after",
    ] as const)
      sum[name] += part[name];
    into.set(key, sum);
  }
}
