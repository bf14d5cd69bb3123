// What is asked of metrics over windows that begin and end anywhere. Part of the room of schema.ts,
// and under its sign.
import type { Aggregate, Percentile } from "./metric";

/** One value, or one for each label set, of the half-open window [fromMs, toMs). */
export type WindowQuestion = {
  metric: string;
  /** Of distributions; p50 unless said. */
  agg?: Aggregate | Percentile;
  /** Dimensions and `metadata.<key>`, each with the values it may have. */
  filters: Readonly<Record<string, readonly string[]>>;
  groupBy: readonly string[];
  fromMs: number;
  toMs: number;
};

export type WindowGroup = {
  labels: Record<string, string>;
  value: number | null;
  /** Of ratios. */
  numerator?: number;
  denominator?: number;
};

export type WindowAnswer = {
  /** Heaviest first; without a group_by exactly one. */
  groups: WindowGroup[];
  /** How many more there are. */
  truncated: number;
  /** Why it cannot be answered; null where it is. */
  error: string | null;
};

/** Most groups that one question is answered with. */
export const MOST_GROUPS = 2_000;
