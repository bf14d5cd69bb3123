import { record } from "@/lib/audit/service";
import { METHOD, MOST_DAYS } from "@/lib/costs/forecast";
import { prisma } from "@/lib/db/client";
import { invalidField } from "@/lib/http/errors";
import type { MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { type Day, dayOf, daysOf, type Period, periodOf } from "@/lib/time/calendar";
import { burnOf, courseOf, type Course as Found } from "./course";
import { suggestedCents } from "./coverage";
import { readCoverage } from "./coverage-store";
import type {
  BudgetItem,
  BudgetsPage,
  Course,
  Coverage,
  CoverageQuery,
  Forecast,
  ForecastQuery,
  NewBudget,
} from "./schema";
import { filterOf } from "./scope";
import {
  type BudgetRow,
  changeBudget,
  deleteBudget,
  listBudgets,
  readBudget,
  saveBudget,
} from "./store";

const DAY_MS = 86_400_000;

/** All budgets with how far they are now, in the order in which they were made. */
export async function readBudgets(workspace: string, now = new Date()): Promise<BudgetsPage> {
  const data: BudgetItem[] = [];
  // One after the other: the pool is there for others, too.
  for (const row of await listBudgets(workspace)) data.push(await itemOf(workspace, row, now));
  return { data, next_cursor: null };
}

export async function createBudget(workspace: string, budget: NewBudget): Promise<BudgetItem> {
  const now = new Date();
  const row = await prisma.$transaction(async (db) => {
    const made = await saveBudget(workspace, budget, { now, db });
    await record(db, workspace, { action: "budget.created", target: made, after: made });
    return made;
  });
  return itemOf(workspace, row, now);
}

/** Throws `not_found`. */
export async function replaceBudget(
  workspace: string,
  id: string,
  budget: NewBudget,
): Promise<BudgetItem> {
  const row = await prisma.$transaction(async (db) => {
    const before = await readBudget(workspace, id, db);
    const after = await changeBudget(workspace, id, budget, db);
    await record(db, workspace, { action: "budget.changed", target: after, before, after });
    return after;
  });
  return itemOf(workspace, row, new Date());
}

/** Throws `not_found`. */
export async function removeBudget(workspace: string, id: string): Promise<void> {
  await prisma.$transaction(async (db) => {
    const before = await readBudget(workspace, id, db);
    await deleteBudget(workspace, id, db);
    await record(db, workspace, { action: "budget.deleted", target: before, before });
  });
}

/** What a period's cost has come to, and what it will probably be at its end. */
export async function readForecast(
  workspace: string,
  { period, tz, ...filters }: ForecastQuery,
  now = new Date(),
): Promise<Forecast> {
  const { course } = await readCourse(workspace, { period, tz, filters, now });
  return { ...course, method: METHOD };
}

/** Which sessions nothing stops. Throws `invalid` for a range that ends before it begins. */
export async function readUncapped(
  workspace: string,
  { from, to, agent, limit }: CoverageQuery,
  now = new Date(),
): Promise<Coverage> {
  const span = { fromMs: Date.parse(from), toMs: to ? Date.parse(to) : now.getTime() };
  if (span.fromMs >= span.toMs) throw invalidField("from", "it must be before `to`");
  const found = await readCoverage(workspace, span, { agents: agent, limit });
  const { shown, sessions, uncapped, deployments, uncappedDeployments, versions } = found;
  return {
    ...{ sessions, uncapped, deployments, uncapped_deployments: uncappedDeployments, versions },
    data: shown.map((row) => ({
      agent: { id: row.id, name: row.name },
      ...{ version: row.version, sessions: row.sessions, uncapped: row.uncapped },
      ...{ settled: row.settled, p95_nanos: row.p95Nanos, most_nanos: row.mostNanos },
      suggested_cents: suggestedCents(row),
    })),
  };
}

async function itemOf(workspace: string, row: BudgetRow, now: Date): Promise<BudgetItem> {
  const { period, tz } = row;
  const filters = filterOf(row.scope, row.value);
  const { course, found } = await readCourse(workspace, { period, tz, filters, now });
  const { state, exhausted } = burnOf(found, row.amount_nanos);
  return { ...row, state, exhausted_on: exhausted, course };
}

type Asked = { period: Period; tz: string; filters: Partial<MetricsQuery>; now: Date };

async function readCourse(
  workspace: string,
  { period, tz, filters, now }: Asked,
): Promise<{ course: Course; found: Found }> {
  const nowMs = now.getTime();
  const span = periodOf(period, nowMs, tz);
  // A day more than counts, since the first one that cost anything is left out.
  const first = dayOf(nowMs - (MOST_DAYS + 1) * DAY_MS, tz);
  const [result] = (
    await readMetrics(
      workspace,
      {
        ...{ ...filters, metric: ["cost"], step: "1d", agg: "p50", limit: 1, tz },
        ...{ from: new Date(first.fromMs).toISOString(), to: now.toISOString() },
      },
      { now },
    )
  ).results;
  if (!result) throw new Error("no answer to one metric");
  const nanos = new Map(
    result.series.flatMap(({ points }) =>
      points.map(([at, value]) => [Date.parse(at), value ?? 0] as const),
    ),
  );
  const costs = daysOf({ fromMs: first.fromMs, toMs: nowMs }, tz).map((day) => ({
    day,
    nanos: nanos.get(day.fromMs) ?? 0,
  }));
  const found = courseOf(costs, { days: daysOf(span, tz), period: span, nowMs });
  return { course: toldOf(found, { ...span, until: result.complete_until }), found };
}

const iso = (ms: number) => new Date(ms).toISOString();

const told = (outlook: Found["outlook"]) =>
  outlook && {
    expected_nanos: outlook.expected,
    low_nanos: outlook.low,
    high_nanos: outlook.high,
  };

function toldOf(
  { spent, points, outlook, wanted }: Found,
  { fromMs, toMs, until }: Pick<Day, "fromMs" | "toMs"> & { until: string },
): Course {
  return {
    from: iso(fromMs),
    to: iso(toMs),
    spent_nanos: spent,
    outlook: told(outlook),
    wanted_days: wanted,
    days: points.map((point) => ({
      date: point.day.date,
      from: iso(point.day.fromMs),
      spent_nanos: point.spent,
      outlook: told(point.outlook),
    })),
    complete_until: until,
  };
}
