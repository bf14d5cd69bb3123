import { readBudget } from "@/lib/budgets/store";
import type { Db } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { readWindows } from "@/lib/metrics/window-service";
import type { Day } from "@/lib/time/calendar";
import { budgetDays, observedBudget } from "./budget";
import { readDays } from "./budget-service";
import { commonSets, type Part, partOf } from "./composite";
import type { DueRule } from "./evaluation-store";
import type { Observation } from "./observation";
import { observeSelf } from "./observe-self-service";
import { observeSessions } from "./observe-sessions-service";
import { type Groups, type Observed, observedOf } from "./observed";
import { questionsOf } from "./questions";
import type { Judged } from "./rule";
import type { Instance, Labels } from "./schema";
import { readBeat, readFirstSession, readParts, readWebhookCounts } from "./source-store";
import { webhooksBy } from "./webhooks";

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
      return webhooksBy(rule, counts);
    }
    case "budget":
      return observeBudget(workspace, look, db);
    case "composite":
      return observeComposite(workspace, look, db);
    case "session":
      return observeSessions(workspace, look, db);
    case "self":
      return observeSelf(workspace, rule.watch, new Date(tickMs - rule.delayMs), db);
    default:
      return [];
  }
}

async function observeBudget(
  workspace: string,
  { rule, tickMs }: Look,
  db: Db,
): Promise<Observed[]> {
  if (rule.kind !== "budget") return [];
  const budget = await readBudget(workspace, rule.budget, db);
  const atMs = tickMs - rule.delayMs;
  const cost = await readDays(workspace, budget, { fromMs: atMs, toMs: atMs }, db);
  const nanos = ({ fromMs }: Day) => cost.get(fromMs) ?? 0;
  return observedBudget(rule, budget, { atMs, ...budgetDays(budget, atMs), nanos });
}

async function observeComposite(workspace: string, { rule }: Look, db: Db): Promise<Observed[]> {
  if (rule.kind !== "composite") return [];
  const found = await readParts(workspace, Object.values(rule.rules), db);
  const parts = Object.entries(rule.rules).map(([name, id]): [string, Part] => {
    const { groupBy = null, alerts = [] } = found.find(({ ruleId }) => ruleId === id) ?? {};
    return [name, partOf(groupBy, alerts)];
  });
  return commonSets(Object.fromEntries(parts));
}
