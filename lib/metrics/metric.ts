import { FAMILIES, type Family, isOwn, type Measure, OWN_FAMILIES } from "./schema";

/** A part of a metric: one measure of one family, of all its keys or of some. */
export type Term = {
  family: Family;
  measure: Measure;
  keys?: readonly string[];
  /** What a group by `bucket` calls it. */
  bucket?: string;
};

export const UNITS = [
  "count",
  "ratio",
  "nanodollars",
  "tokens",
  "hours",
  "ms",
  "seconds",
  "per_minute",
] as const;
export type Unit = (typeof UNITS)[number];

/** What a metric is grouped and filtered by. Any of them may be asked for metadata, too. */
export const KEY_DIMENSIONS = [
  "outcome",
  "model",
  "tool",
  "error_type",
  "mcp_server",
  "error_group",
  "connection",
  "config",
] as const;

export const AGGREGATES = ["p50", "p90", "p95", "p99", "mean", "count"] as const;
export type Aggregate = (typeof AGGREGATES)[number];
/** Any other quantile, for those who ask within the house: `p97.5`. */
export type Percentile = `p${number}`;

/** What a gauge of age looks for the oldest of: waits for somebody, connections not read up to now. */
export type Aged = "wait" | "sync";

type Described = {
  id: string;
  unit: Unit;
  /** In one sentence. */
  text: string;
};
export type Metric = Described &
  (
    | { kind: "count" | "sum"; of: readonly Term[]; divideBy?: number; perMinute?: true }
    | { kind: "ratio"; of: readonly Term[]; by: readonly Term[] }
    | { kind: "gauge"; of: readonly Term[]; oldest?: Aged }
    | { kind: "distribution"; of: readonly Term[] }
  );

/** Everything a metric adds up or divides by. */
export const termsOf = (metric: Metric): readonly Term[] =>
  metric.kind === "ratio" ? [...metric.of, ...metric.by] : metric.of;

/** What a metric of no session is known by, and by nothing else; null where sessions tell more. */
export function knownBy(metric: Metric): readonly string[] | null {
  if (metric.kind === "gauge" && metric.oldest === "sync") return ["connection"];
  const [term] = metric.of;
  if (!term || !isOwn(term.family)) return null;
  return [...OWN_FAMILIES[term.family], FAMILIES[term.family]].filter((name) => name !== "");
}

/** The refusal of what such a metric is not known by. */
export const knownWords = ({ id }: Metric, known: readonly string[]): string =>
  known.length === 0
    ? `\`${id}\` is one figure, known by no dimension`
    : `\`${id}\` is known by ${known.join(" and ")} alone`;
