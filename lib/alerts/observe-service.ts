import { filterOf } from "@/lib/budgets/scope";
import { readBudget } from "@/lib/budgets/store";
import type { Db } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { readMetrics } from "@/lib/metrics/query-service";
import { readWindows } from "@/lib/metrics/window-service";
import { type Day, dayOf, daysOf, periodOf } from "@/lib/time/calendar";
import { partsOf, projectionOf } from "./budget";
import { commonSets, type Part } from "./composite";
import type { DueRule } from "./evaluation-store";
import type { Observation } from "./observation";
import { observeSessions } from "./observe-sessions-service";
import { type Groups, type Observed, observedOf } from "./observed";
import { questionsOf } from "./questions";
import type { Judged } from "./rule";
import type { Instance, Labels } from "./schema";
import { readBeat, readFirstSession, readParts, readWebhookCounts } from "./source-store";

const DAY_MS = 86_400_000;
/** Whole days looked back on for what a budget's days cost. */
const BUDGET_DAYS = 8;

/** A rule at one of its ticks. `lives` are its label sets as the tick before has left them. */
export type Look = {
  row: DueRule;
  rule: Judged;
  tickMs: number;
  lives: readonly { labels: Labels; instance: Instance | null }[];
};

/** What was found, or why nothing could be. */
export type Found = { observed: Observed[] } | { error: string };

/** What is to be judged at these ticks, all of one workspace. A rule that fails is no matter to the others. */
export async function observeAll(
  workspace: string,
  looks: readonly Look[],
  { now, db }: { now: Date; db: Db },
): Promise<Found[]> {
  const firstMs = (await readFirstSession(workspace, db))?.getTime() ?? null;
  const questions = looks.map(({ rule, tickMs }) => questionsOf(rule, tickMs));
  const answers = await readWindows(workspace, questions.flat(), { now, db });
  let at = 0;
  const found: Found[] = [];
  for (const [index, look] of looks.entries()) {
    const asked = questions[index] ?? [];
    const own = answers.slice(at, at + asked.length);
    at += asked.length;
    const failed = own.find(({ error }) => error !== null);
    if (failed?.error) found.push({ error: failed.error });
    else if (asked.length > 0)
      found.push({
        observed: observedOf(
          look.rule,
          own.map(({ groups }): Groups => groups),
          {
            firstMs,
            fromMs: asked.map(({ fromMs }) => fromMs),
            ruleAgeMs: look.tickMs - look.row.createdAt.getTime(),
          },
        ),
      });
    else found.push(await attempt(() => observeOther(workspace, look, db)));
  }
  return found;
}

async function attempt(read: () => Promise<Observed[]>): Promise<Found> {
  try {
    return { observed: await read() };
  } catch (error) {
    if (error instanceof AppError) return { error: error.message };
    throw error;
  }
}

/** What is no question to the metrics. */
async function observeOther(workspace: string, look: Look, db: Db): Promise<Observed[]> {
  const { rule, tickMs, row } = look;
  switch (rule.kind) {
    case "absence": {
      const beat = await readBeat(workspace, rule.heartbeat ?? "", new Date(tickMs), db);
      const observation: Observation = {
        kind: "heartbeat",
        ageMs: beat && tickMs - beat.getTime(),
        ruleAgeMs: tickMs - row.createdAt.getTime(),
      };
      return [{ labels: {}, observation }];
    }
    case "event": {
      const toMs = tickMs - rule.delayMs;
      const span = { from: new Date(toMs - rule.windowMs), to: new Date(toMs) };
      const counts = await readWebhookCounts(workspace, { ...span, types: rule.types }, db);
      return webhooksBy(rule.group_by, counts);
    }
    case "budget":
      return observeBudget(workspace, look, db);
    case "composite":
      return observeComposite(workspace, look, db);
    case "session":
      return observeSessions(workspace, look, db);
    default:
      return [];
  }
}

type Webhooks = Awaited<ReturnType<typeof readWebhookCounts>>;

/** A webhook's type stands for an error's; without groups there is one label set, whatever came. */
function webhooksBy(groups: readonly string[], counts: Webhooks): Observed[] {
  const sums = new Map<string, Observed>();
  const add = (labels: Record<string, string>, count: number) => {
    const key = JSON.stringify(labels);
    const known = sums.get(key)?.observation;
    const value = (known?.kind === "event" ? (known.value ?? 0) : 0) + count;
    sums.set(key, { labels, observation: { kind: "event", value } });
  };
  if (groups.length === 0) add({}, 0);
  for (const { type, connection, count } of counts) {
    const all = { error_type: type, connection };
    const own = Object.entries(all).filter(([name]) => groups.includes(name));
    add(Object.fromEntries(own), count);
  }
  return [...sums.values()];
}

async function observeBudget(
  workspace: string,
  { rule, tickMs }: Look,
  db: Db,
): Promise<Observed[]> {
  if (rule.kind !== "budget") return [];
  const budget = await readBudget(workspace, rule.budget, db);
  const atMs = tickMs - rule.delayMs;
  const { period, tz, amount_nanos: amount } = budget;
  const span = periodOf(period, atMs, tz);
  const first = dayOf(Math.min(span.fromMs, atMs - BUDGET_DAYS * DAY_MS), tz);
  const query = {
    ...filterOf(budget.scope, budget.value),
    ...{ metric: ["cost" as const], step: "1d" as const, agg: "p50" as const, limit: 1, tz },
    ...{ from: new Date(first.fromMs).toISOString(), to: new Date(atMs).toISOString() },
  };
  const [result] = (await readMetrics(workspace, query, { now: new Date(atMs), db })).results;
  const points = result?.series[0]?.points ?? [];
  const cost = new Map(points.map(([at, value]) => [Date.parse(at), value ?? 0]));
  const days = daysOf({ fromMs: first.fromMs, toMs: atMs }, tz);
  const nanos = (day: Day) => cost.get(day.fromMs) ?? 0;
  const spent = days
    .filter(({ fromMs }) => fromMs >= span.fromMs)
    .reduce((sum, day) => sum + nanos(day), 0);
  // Days before the first that cost anything say nothing of those to come.
  const whole = days.filter(({ toMs }) => toMs <= atMs).map(nanos);
  const begun = whole.findIndex((each) => each > 0);
  const known = begun === -1 ? [] : whole.slice(begun);
  const daysLeft = (span.toMs - atMs) / DAY_MS;
  const projection = projectionOf(known, { spent, daysLeft });
  return partsOf(rule).map(({ labels, part }) => ({
    labels: { budget: budget.name, ...labels },
    observation: {
      ...{ kind: "budget", part, spent, amount, projection },
      ...{ knownDays: known.length, periodFromMs: span.fromMs },
    },
  }));
}

async function observeComposite(workspace: string, { rule }: Look, db: Db): Promise<Observed[]> {
  if (rule.kind !== "composite") return [];
  const found = await readParts(workspace, Object.values(rule.rules), db);
  const parts = Object.entries(rule.rules).map(([name, id]): [string, Part] => {
    const { groupBy = null, alerts = [] } = found.find(({ ruleId }) => ruleId === id) ?? {};
    // A rule of sessions or of a budget has its own labels, which only its alerts tell.
    return [name, { groupBy: groupBy ?? Object.keys(alerts[0]?.labels ?? {}), alerts }];
  });
  return commonSets(Object.fromEntries(parts));
}
