import type { By } from "@/components/failures/questions";
import { ratePoint } from "@/components/failures/rates";
import { groupSeries, ratioOf, valuesOf } from "@/components/metrics/answers";
import { groupLooks, keyOf, type Look, type NameOf } from "@/components/metrics/looks";
import { outcomeColour } from "@/components/sessions/outcome-colour";
import { OUTCOME_LOOKS, OUTCOME_ORDER } from "@/components/sessions/outcomes";
import type { Answers } from "@/lib/metrics/queries";
import type { Series } from "@/lib/metrics/query-schema";
import type { RatePoint } from "@/lib/series";

/** What of one group failed. Null is what does not exist for it. */
export type FailureRow = Look & {
  /** Of sessions; of an outcome, its share of all that settled. */
  rate: RatePoint;
  course: readonly (number | null)[] | null;
  turns: RatePoint | null;
  tools: RatePoint | null;
  requests: RatePoint | null;
  errors: number | null;
  finalErrors: number | null;
};

const NOTHING = ratePoint(0, 0);

const pointOf = (series: Series) => {
  const { above, below } = ratioOf(series);
  return ratePoint(above, below);
};

const TOLD: Record<string, (series: Series) => Partial<FailureRow>> = {
  failure_rate: (series) => ({ rate: pointOf(series) }),
  turn_failure_rate: (series) => ({ turns: pointOf(series) }),
  tool_error_rate: (series) => ({ tools: pointOf(series) }),
  model_error_rate: (series) => ({ requests: pointOf(series) }),
  session_errors: ({ total }) => ({ errors: total ?? 0 }),
  final_errors: ({ total }) => ({ finalErrors: total ?? 0 }),
};

/** The rows of the table, most settled sessions first. */
export function rowsOf(by: By, answers: Answers, nameOf: NameOf): FailureRow[] {
  if (by === "outcome") return outcomeRows(answers);
  const courses = (answers.trend ?? []).flatMap(groupSeries);
  const drawn = courses.filter(({ isOther }) => !isOther).map(({ labels }) => labels);
  const looks = groupLooks(by, drawn, nameOf);
  const rows = new Map<string, FailureRow>();
  for (const result of answers.rows ?? [])
    for (const series of groupSeries(result)) {
      const key = keyOf(series.labels, series.isOther);
      const course = courses.find((one) => keyOf(one.labels, one.isOther) === key);
      const row = rows.get(key) ?? {
        ...looks(series.labels, series.isOther),
        ...{ rate: NOTHING, turns: null, tools: null, requests: null },
        ...{ errors: null, finalErrors: null },
        course: course ? valuesOf(course) : null,
      };
      rows.set(key, { ...row, ...TOLD[result.metric]?.(series) });
    }
  return sortRows([...rows.values()], "settled", "desc");
}

function outcomeRows({ rows, trend }: Answers): FailureRow[] {
  const all = rows?.[0]?.series ?? [];
  const settled = all.reduce((sum, { total }) => sum + (total ?? 0), 0);
  return OUTCOME_ORDER.flatMap((outcome) => {
    const series = all.find(({ labels }) => labels.outcome === outcome);
    if (!series?.total) return [];
    const course = trend?.[0]?.series.find(({ labels }) => labels.outcome === outcome);
    return {
      key: outcome,
      name: OUTCOME_LOOKS[outcome].word,
      color: outcomeColour(outcome),
      filter: { outcome },
      kind: "group" as const,
      rate: ratePoint(series.total, settled),
      course: course ? valuesOf(course) : null,
      ...{ turns: null, tools: null, requests: null, errors: null, finalErrors: null },
    };
  });
}

export const COLUMNS = [
  "name",
  "rate",
  "failed",
  "settled",
  "turns",
  "tools",
  "requests",
  "errors",
  "finalErrors",
] as const;
export type Column = (typeof COLUMNS)[number];

/** The columns that rows of a dimension have. */
export function columnsOf(by: By): Column[] {
  const all: Column[] = ["name", "rate", "failed", "settled"];
  if (by === "outcome") return ["name", "rate", "failed"];
  if (by === "tool") return [...all, "tools"];
  if (by === "model") return [...all, "requests"];
  if (by === "error_type") return [...all, "errors", "finalErrors"];
  return [...all, "turns", "tools", "errors"];
}

/** What a column orders by. */
function numberIn(row: FailureRow, column: Column): number | null {
  switch (column) {
    case "name":
      return null;
    case "rate":
      return row.rate.rate;
    case "failed":
      return row.rate.above;
    case "settled":
      return row.rate.below;
    case "turns":
    case "tools":
    case "requests":
      return row[column]?.rate ?? null;
    case "errors":
    case "finalErrors":
      return row[column];
  }
}

/** Rows in the order of one column; what is not known stands last, `other` last of all. */
export function sortRows(
  rows: readonly FailureRow[],
  column: Column,
  order: "asc" | "desc",
): FailureRow[] {
  const sign = order === "asc" ? 1 : -1;
  return [...rows].sort((a, b) => {
    if (a.kind === "other" || b.kind === "other") return a.kind === "other" ? 1 : -1;
    if (column === "name") return sign * (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const [x, y] = [numberIn(a, column), numberIn(b, column)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return sign * (x - y);
  });
}
