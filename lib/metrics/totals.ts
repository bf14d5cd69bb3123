import { byLabels, partsOf, splitTerms, type Told } from "./columns";
import { addObservations, addPacked, type Histogram } from "./histogram";
import type { Metric } from "./metric";
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

/** The sums of all that is told, by labels. */
export function totalsOf(
  told: Told,
  { metric, groups }: { metric: Metric; groups: readonly Group[] },
): Total[] {
  const split = splitTerms(told, { metric, groups });
  const parts = split.histograms ? partsOf(split.histograms) : [];
  const above = metric.kind === "ratio" ? metric.of.length : split.sums.length;
  return byLabels(split).flatMap(({ labels, entries: all }) => {
    // How a gauge stands is told after everything; the other entries are its changes.
    const entries = metric.kind === "gauge" ? all.filter((at) => split.buckets[at] === -1) : all;
    if (entries.length === 0) return [];
    const sumOf = (columns: Told["sums"]) =>
      columns.reduce(
        (sum, column) => entries.reduce((total, at) => total + (column[at] ?? 0), sum),
        0,
      );
    const histogram: Histogram = new Map();
    for (const at of entries) {
      const part = parts[at];
      if (part instanceof Uint8Array) addPacked(histogram, part);
      else if (part) addObservations(histogram, part);
    }
    return {
      labels: Object.fromEntries(groups.map((name, at) => [name, labels[at] ?? ""])),
      value: sumOf(split.sums.slice(0, above)),
      below: sumOf(split.sums.slice(above)),
      histogram,
    };
  });
}
