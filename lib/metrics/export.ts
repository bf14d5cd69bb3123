import { stringify } from "csv-stringify/sync";
import { withoutFormula } from "@/lib/format";
import type { MetricResult } from "./query-schema";

const COLUMNS = ["metric", "unit", "start", "value", "numerator", "denominator"];

/** An answer as lines, a part for each series: points with their labels, those of CSV in columns of their own. */
export function* exportLines(
  results: readonly MetricResult[],
  groups: readonly string[],
  format: "csv" | "ndjson",
): Generator<string> {
  if (format === "csv") yield stringify([[...COLUMNS, ...groups]]);
  for (const { metric, unit, series } of results)
    for (const { labels, points } of series)
      yield format === "csv"
        ? stringify(
            points.map(([start, value, above, below]) => [
              ...[metric, unit, start, value, above, below],
              ...groups.map((name) => withoutFormula(labels[name] ?? "")),
            ]),
          )
        : points
            .map(([start, value, numerator, denominator]) =>
              JSON.stringify({ metric, unit, start, value, numerator, denominator, labels }),
            )
            .map((line) => `${line}\n`)
            .join("");
}
