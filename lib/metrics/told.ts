import { KEY_DIMENSIONS, type Metric, termsOf } from "./metric";
import type { Group, MetricsQuery } from "./query-schema";
import { type DIMENSIONS, FAMILIES, type Family } from "./schema";

export type Filter = Pick<
  MetricsQuery,
  (typeof DIMENSIONS)[number] | (typeof KEY_DIMENSIONS)[number] | "metadata"
>;

/** Families whose key is of this dimension. */
export const familiesOf = (dimension: string): Family[] =>
  (Object.keys(FAMILIES) as Family[]).filter((family) => FAMILIES[family] === dimension);

export const familiesIn = (metric: Metric): Family[] => [
  ...new Set(termsOf(metric).map(({ family }) => family)),
];

/** Whether only the sessions and their own cells tell it. */
export function needsFacts(asked: {
  metric: Metric;
  groups: readonly Group[];
  filter: Filter;
}): boolean {
  const { metric, groups, filter } = asked;
  if (groups.some((group) => group.startsWith("metadata.") || isOfSession(metric, group)))
    return true;
  if (groups.some((group) => isManyOfSession(metric, group))) return true;
  if (Object.keys(filter.metadata ?? {}).length > 0) return true;
  return keyFilters(filter).some(({ dimension }) => !isTold(metric, dimension));
}

/** Whether some family of the metric has this dimension; else the filter is of whole sessions. */
export const isTold = (metric: Metric, dimension: string): boolean =>
  familiesIn(metric).some((family) => FAMILIES[family] === dimension);

/** Also of a session as a whole. */
const OF_SESSION = ["outcome", "model", "connection", "config"] as const;
type OfSession = (typeof OF_SESSION)[number];

/** Whether a group is by what a whole session has one of, and the metric knows nothing of it. */
export const isOfSession = (metric: Metric, group: Group): group is OfSession =>
  OF_SESSION.some((name) => name === group) && !isTold(metric, group);

/**
 * Whether a group is by what a whole session has several of: it then counts under each. Only of ratios,
 * since the groups of a sum are to add up to it.
 */
export const isManyOfSession = (metric: Metric, group: Group): group is "tool" | "error_type" =>
  (group === "tool" || group === "error_type") && metric.kind === "ratio" && !isTold(metric, group);

export const keyFilters = (filter: Filter) =>
  KEY_DIMENSIONS.flatMap((dimension) => {
    const values = filter[dimension];
    return values?.length ? [{ dimension, values }] : [];
  });
