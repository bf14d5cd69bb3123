import { addObservations, addPacked, type Histogram } from "./histogram";
import type { Metric } from "./metric";
import { type Row, splitTerms } from "./query";
import type { Group } from "./query-schema";

/** By what a metric's totals can be grouped. */
export type TotalsQuery = {
  metric: string;
  groups: ReadonlyArray<Exclude<Group, "agent_version" | "environment" | "deployment">>;
  outcome?: string[];
};

/** What a metric has come to in all, under one label set, in the units of its measures. */
export type Total = {
  labels: Record<string, string>;
  /** The sum; of a ratio what is divided, of a gauge how it stands. */
  value: number;
  /** What a ratio divides by. */
  below: number;
  histogram: Histogram;
};

/** The sums of all rows by labels. */
export function totalsOf(
  rows: readonly Row[],
  { metric, groups }: { metric: Metric; groups: readonly Group[] },
): Total[] {
  const totals = new Map<string, Total>();
  for (const row of splitTerms(rows, { metric, groups })) {
    // How a gauge stands is told after everything; the other rows are its changes.
    if (metric.kind === "gauge" && row.bucket !== -1) continue;
    const id = row.labels.join("\u0000");
    const total = totals.get(id) ?? blank(groups, row.labels);
    totals.set(id, total);
    const above = metric.kind === "ratio" ? metric.of.length : row.sums.length;
    total.value += sumOf(row.sums.slice(0, above));
    total.below += sumOf(row.sums.slice(above));
    for (const packed of row.histograms.packed) addPacked(total.histogram, packed);
    for (const each of row.histograms.observations) addObservations(total.histogram, each);
  }
  return [...totals.values()];
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

const blank = (groups: readonly Group[], labels: readonly string[]): Total => ({
  labels: Object.fromEntries(groups.map((name, at) => [name, labels[at] ?? ""])),
  value: 0,
  below: 0,
  histogram: new Map(),
});
