import { filterOf } from "@/lib/budgets/scope";
import type { BudgetRow } from "@/lib/budgets/store";
import { type Db, prisma } from "@/lib/db/client";
import { readMetrics } from "@/lib/metrics/query-service";
import { budgetDays } from "./budget";

type Range = { fromMs: number; toMs: number };

/** What the days cost that tell of a budget's rule at any instant of a range, by their start; the last up to its end. */
export async function readDays(
  workspace: string,
  budget: BudgetRow,
  { fromMs, toMs }: Range,
  db: Db = prisma,
): Promise<Map<number, number>> {
  const { period, days } = budgetDays(budget, fromMs);
  const query = {
    ...filterOf(budget.scope, budget.value),
    ...{ metric: ["cost" as const], step: "1d" as const, agg: "p50" as const, limit: 1 },
    ...{ tz: budget.tz, to: new Date(toMs).toISOString() },
    from: new Date(days[0]?.fromMs ?? period.fromMs).toISOString(),
  };
  const [result] = (await readMetrics(workspace, query, { now: new Date(toMs), db })).results;
  const points = result?.series[0]?.points ?? [];
  return new Map(points.map(([at, nanos]) => [Date.parse(at), nanos ?? 0]));
}
