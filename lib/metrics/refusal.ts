import { KEY_DIMENSIONS, knownBy, knownWords, type Metric } from "./metric";
import type { Group } from "./query-schema";
import { DIMENSIONS } from "./schema";
import type { Filter } from "./told";

export type Refusal = { path: string; message: string };

/** Why a metric cannot be told by these groups and filters; null where it can. */
export function refusalOf(
  metric: Metric,
  groups: readonly Group[],
  filter: Filter,
): Refusal | null {
  if (groups.includes("bucket") && metric.id !== "tokens")
    return { path: "group_by", message: "`bucket` is a dimension of `tokens` alone" };
  // What is of no session has neither an agent nor anything else of one.
  const known = knownBy(metric);
  if (known === null) return null;
  const message = knownWords(metric, known);
  if (groups.some((name) => !known.includes(name))) return { path: "group_by", message };
  const filters = [...DIMENSIONS, ...KEY_DIMENSIONS, "metadata" as const];
  const strange = filters.find((name) => filter[name] !== undefined && !known.includes(name));
  return strange ? { path: strange, message } : null;
}
