import { looksOf, METER_LOOKS } from "@/components/costs/looks";
import { type By, rowMetrics } from "@/components/costs/questions";
import { groupSeries, type Ratio, ratioIn, ratioOf, totalOf } from "@/components/metrics/answers";
import { keyOf, type Look, type NameOf } from "@/components/metrics/looks";
import type { Answers } from "@/lib/metrics/queries";
import type { MetricResult, Series } from "@/lib/metrics/query-schema";

/** What one group cost. Null is what does not exist for it, or is not known of it. */
export type CostRow = Look & {
  costNanos: number | null;
  tokens: number | null;
  unpricedTokens: number | null;
  sessionHours: number | null;
  webSearches: number | null;
  sessionsStarted: number | null;
  perCompleted: Ratio | null;
  cacheHit: Ratio | null;
};
export type Figure = Exclude<keyof CostRow, keyof Look>;

const METRICS: Record<string, Figure> = {
  cost: "costNanos",
  tokens: "tokens",
  unpriced_tokens: "unpricedTokens",
  session_hours: "sessionHours",
  web_searches: "webSearches",
  sessions_started: "sessionsStarted",
  cost_per_completed_session: "perCompleted",
  cache_hit_ratio: "cacheHit",
};

const EMPTY: Omit<CostRow, keyof Look> = {
  costNanos: null,
  tokens: null,
  unpricedTokens: null,
  sessionHours: null,
  webSearches: null,
  sessionsStarted: null,
  perCompleted: null,
  cacheHit: null,
};

/** The rows of the table, dearest first: everything the figures sum up is in one of them. */
export function rowsOf(by: By, answers: Answers, nameOf: NameOf): CostRow[] {
  if (by === "meter") return meterRows(answers.figures).map(withoutFree);
  const results = answers.rows ?? [];
  const looks = looksOf(by, answers, nameOf);
  const rows = new Map<string, CostRow>();
  for (const result of results) {
    const figure = METRICS[result.metric];
    if (!figure) continue;
    for (const series of groupSeries(result)) {
      const key = keyOf(series.labels, series.isOther);
      const row = rows.get(key) ?? { ...looks(series.labels, series.isOther), ...EMPTY };
      rows.set(key, { ...row, [figure]: toldBy(result, series) });
    }
  }
  const filled = [...rows.values()].map((row) => withoutFree(withZeros(row, results)));
  return sortRows(filled, by === "bucket" ? "tokens" : "costNanos", "desc");
}

/** What has no price at all costs an unknown sum, not nothing. */
const withoutFree = (row: CostRow): CostRow =>
  row.costNanos === 0 && row.unpricedTokens ? { ...row, costNanos: null } : row;

const toldBy = (result: MetricResult, series: Series): number | Ratio | null =>
  result.kind === "ratio" ? ratioOf(series) : series.total;

/** A group that a metric does not name had nothing of it, unless it is among those taken together. */
function withZeros(row: CostRow, results: readonly MetricResult[]): CostRow {
  const filled = { ...row };
  for (const { metric, kind, truncated_groups: truncated } of results) {
    const figure = METRICS[metric];
    if (!figure || filled[figure] !== null || truncated > 0) continue;
    const nothing = kind === "ratio" ? { value: null, above: 0, below: 0 } : 0;
    Object.assign(filled, { [figure]: nothing });
  }
  return filled;
}

function meterRows(figures: readonly MetricResult[] | undefined): CostRow[] {
  const of = (meter: "tokens" | "runtime" | "web_search", more: Partial<CostRow>): CostRow => ({
    ...EMPTY,
    key: meter,
    name: METER_LOOKS[meter].label,
    color: METER_LOOKS[meter].color,
    filter: {},
    kind: "group",
    costNanos: totalOf(figures, `cost_${meter}`),
    ...more,
  });
  return [
    of("tokens", {
      tokens: totalOf(figures, "tokens"),
      unpricedTokens: totalOf(figures, "unpriced_tokens"),
      cacheHit: ratioIn(figures, "cache_hit_ratio"),
    }),
    of("runtime", { sessionHours: totalOf(figures, "session_hours") }),
    of("web_search", {
      webSearches: totalOf(figures, "web_searches"),
      filter: { tool: "web_search" },
    }),
  ];
}

/** The figures that rows of a dimension have, in the order of the table's columns. */
export function columnsOf(by: By): Figure[] {
  if (by === "meter") return ["costNanos", "tokens", "cacheHit", "sessionHours", "webSearches"];
  const told = rowMetrics(by).map((metric) => METRICS[metric]);
  const order: Figure[] = ["costNanos", "tokens", "sessionHours", "sessionsStarted"];
  return [...order, "perCompleted" as const, "cacheHit" as const].filter((one) =>
    told.includes(one),
  );
}

/** The sum of all rows: what the figures above the table say. */
export function sumOf(rows: readonly CostRow[]): Record<Figure, number | Ratio | null> {
  const sum: Record<Figure, number | Ratio | null> = { ...EMPTY };
  for (const figure of Object.keys(EMPTY) as Figure[])
    for (const row of rows) sum[figure] = added(sum[figure], row[figure]);
  return sum;
}

function added(a: number | Ratio | null, b: number | Ratio | null): number | Ratio | null {
  if (b === null) return a;
  if (typeof b === "number") return (typeof a === "number" ? a : 0) + b;
  const before = typeof a === "object" && a !== null ? a : { above: 0, below: 0 };
  const [above, below] = [before.above + b.above, before.below + b.below];
  return { value: below === 0 ? null : above / below, above, below };
}

export const numberOf = (value: number | Ratio | null): number | null =>
  typeof value === "object" ? (value?.value ?? null) : value;

/** Rows in the order of one column; what is not known stands last, `other` last of all. */
export function sortRows(
  rows: readonly CostRow[],
  column: Figure | "name",
  order: "asc" | "desc",
): CostRow[] {
  const sign = order === "asc" ? 1 : -1;
  return [...rows].sort((a, b) => {
    if (a.kind === "other" || b.kind === "other") return a.kind === "other" ? 1 : -1;
    if (column === "name") return sign * (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const [x, y] = [numberOf(a[column]), numberOf(b[column])];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return sign * (x - y);
  });
}
