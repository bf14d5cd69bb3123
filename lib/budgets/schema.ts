// Budgets: what somebody wants to spend at most on a part of the fleet in a day, a week or a month, how far
// that has gone, and what will have been spent by its end.
// Written by: people, through the budgets API. Read by: the costs page, the API; rules fire on them.
// Invariant: what is spent is the metric `cost` of the period's days in the budget's time zone.
import { z } from "zod";
import { CONFIDENCE, METHOD } from "@/lib/costs/forecast";
import { MetricsQuery } from "@/lib/metrics/query-schema";
import { PERIODS } from "@/lib/time/calendar";
import { isTimeZone } from "@/lib/time/range";
import { BURN_STATES } from "./course";
import { isScope } from "./scope";

const nanos = z.int().nonnegative().describe("nano-dollars (1 USD = 1,000,000,000)");
const instant = z.string().describe("RFC 3339, UTC");
const date = z.string().describe("a day of the time zone, like 2026-11-20");
const tz = z
  .string()
  .max(64)
  .refine(isTimeZone, "expected a time zone like Europe/Berlin")
  .describe("in which days, weeks (from Monday) and months begin");

const scope = z
  .string()
  .max(72)
  .refine(isScope, "expected all, agent, environment, deployment, source or metadata.<key>");
const value = z.string().min(1).max(256);
const CENT = 10_000_000;
const MOST = 9_000_000_000_000_000;
const amount = z
  .int()
  .min(CENT, "a cent is the least")
  .max(MOST, "nine million dollars are the most")
  .describe("nano-dollars");

const draft = {
  name: z.string().trim().min(1).max(80),
  scope: scope.default("all").describe("what it is for: a dimension, or everything"),
  value: value.nullable().default(null).describe("of the dimension; null for everything"),
  period: z.enum(PERIODS).default("month"),
  tz: tz.default("UTC"),
  amount_nanos: amount,
};
const fits = ({ scope, value }: { scope: string; value: string | null }) =>
  (scope === "all") === (value === null);
const FITS = { path: ["value"], message: "name one of the scope's values, and none for all" };

export const NewBudget = z.strictObject(draft).refine(fits, FITS).meta({ id: "NewBudget" });
export type NewBudget = z.infer<typeof NewBudget>;

const Outlook = z.object({ expected_nanos: nanos, low_nanos: nanos, high_nanos: nanos });

export const Course = z.object({
  from: instant.describe("start of the period"),
  to: instant.describe("its end"),
  spent_nanos: nanos.describe("so far"),
  outlook: Outlook.nullable().describe(
    `spent by the period's end, with an interval of ${CONFIDENCE * 100} %; null while fewer than seven whole days are known`,
  ),
  wanted_days: z.int().nonnegative().describe("whole days that the outlook still needs"),
  days: z.array(
    z.object({
      date,
      from: instant,
      spent_nanos: nanos
        .nullable()
        .describe("since the period's start, by the day's end; null ahead"),
      outlook: Outlook.nullable().describe("the same for today and the days ahead"),
    }),
  ),
  complete_until: instant,
});
export type Course = z.infer<typeof Course>;

export const BudgetItem = z
  .object({
    id: z.string(),
    name: z.string(),
    scope: z.string(),
    value: z.string().nullable(),
    period: z.enum(PERIODS),
    tz: z.string(),
    amount_nanos: nanos,
    state: z
      .enum(BURN_STATES)
      .describe(
        "over: used up; will_exceed: expected to be by the period's end; may_exceed: within the interval; unknown: too few days to say",
      ),
    exhausted_on: date.nullable().describe("when it was used up, or is expected to be"),
    course: Course,
    created_at: instant,
  })
  .meta({ id: "Budget" });
export type BudgetItem = z.infer<typeof BudgetItem>;

export const BudgetsPage = z.object({ data: z.array(BudgetItem), next_cursor: z.null() });
export type BudgetsPage = z.infer<typeof BudgetsPage>;

export const BudgetParams = z.object({ id: z.string().max(100) });

const { from, to } = MetricsQuery.shape;
const count = z.int().nonnegative();

export const CoverageQuery = z.object({
  ...{ from, to, agent: MetricsQuery.shape.agent },
  limit: z.coerce.number().int().min(1).max(100).default(10),
});
export type CoverageQuery = z.infer<typeof CoverageQuery>;

export const Coverage = z
  .object({
    sessions: count.describe("started in the range, on the platform"),
    uncapped: count.describe("of these, made without a budget of the platform's own"),
    deployments: count.describe("not archived"),
    uncapped_deployments: count,
    versions: count.describe("agent versions with uncapped sessions; `data` has the dearest"),
    data: z.array(
      z.object({
        agent: z.object({ id: z.string().nullable(), name: z.string().nullable() }),
        version: z.union([z.string(), z.number()]).nullable(),
        sessions: count,
        uncapped: count,
        settled: count,
        p95_nanos: nanos.nullable().describe("what 95 of 100 settled sessions cost at most"),
        most_nanos: nanos.describe("what the dearest has cost"),
        suggested_cents: count
          .nullable()
          .describe("a cap: 1.5 times the p95; null with fewer than 20 settled sessions"),
      }),
    ),
  })
  .meta({ id: "BudgetCoverage" });
export type Coverage = z.infer<typeof Coverage>;

const { agent, agent_version, environment, deployment, source, metadata } = MetricsQuery.shape;
export const ForecastQuery = z.object({
  period: z.enum(PERIODS).default("month"),
  tz: tz.default("UTC"),
  ...{ agent, agent_version, environment, deployment, source, metadata },
});
export type ForecastQuery = z.infer<typeof ForecastQuery>;

export const Forecast = Course.extend({ method: z.literal(METHOD) }).meta({ id: "Forecast" });
export type Forecast = z.infer<typeof Forecast>;
