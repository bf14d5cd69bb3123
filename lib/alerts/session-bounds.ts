import type { Judged } from "./rule";
import type { Labels } from "./schema";

type Bound = { least: number } | { most: number };

/** Sessions on the near side of every bound need not be looked at. */
export function boundOf({ op, bounds }: Judged["compared"]): Bound {
  const ends = bounds.flatMap(({ at }) => at);
  if (op === ">" || op === ">=") return { least: Math.min(...ends) };
  if (op === "<" || op === "<=") return { most: Math.max(...ends) };
  return { least: Number.MIN_SAFE_INTEGER };
}

/** What is not known is no label. */
export const sessionLabels = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
