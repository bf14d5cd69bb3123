import { type By, groupsOf } from "@/components/costs/questions";
import type { CostRow } from "@/components/costs/rows";

type Cell = string | number | null;

const NANOS_PER_DOLLAR = 1_000_000_000;
const dollars = (nanos: number | null): Cell =>
  nanos === null ? null : (nanos / NANOS_PER_DOLLAR).toFixed(9);

const FIGURES: Record<string, (row: CostRow) => Cell> = {
  cost_usd: (row) => dollars(row.costNanos),
  tokens: (row) => row.tokens,
  unpriced_tokens: (row) => row.unpricedTokens,
  session_hours: (row) => row.sessionHours,
  web_searches: (row) => row.webSearches,
  sessions_started: (row) => row.sessionsStarted,
  sessions_completed: (row) => row.perCompleted?.below ?? null,
  cost_per_completed_session_usd: (row) => dollars(row.perCompleted?.value ?? null),
  cache_hit_ratio: (row) => row.cacheHit?.value ?? null,
};

/** The table as lines of a CSV, its header first: the groups' names, the API's labels, exact figures. */
export function csvLines(by: By, rows: readonly CostRow[]): Cell[][] {
  const labels = groupsOf(by);
  const lines = rows.map((row) => [
    row.name,
    ...labels.map((label) => row.filter?.[label] ?? ""),
    ...Object.values(FIGURES).map((figure) => figure(row)),
  ]);
  return [["name", ...labels, ...Object.keys(FIGURES)], ...lines];
}
