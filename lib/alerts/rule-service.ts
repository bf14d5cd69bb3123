import { z } from "zod";
import { record } from "@/lib/audit/service";
import type { Caller } from "@/lib/auth/schema";
import { authorOf } from "@/lib/auth/service";
import { type Db, prisma } from "@/lib/db/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { AppError, invalidField } from "@/lib/http/errors";
import { enqueue } from "@/lib/jobs/queue";
import { putNotices } from "@/lib/notify/notice-store";
import { builtinIssue, isBuiltin } from "./builtin";
import { saveDecisions } from "./decision-store";
import { afterEdit } from "./edit";
import { saveEvidence } from "./episode-store";
import { readInstances } from "./evaluation-store";
import { endLive } from "./judge";
import { noticesOf } from "./notices-service";
import { refuseBad, refuseUntried } from "./refusal-service";
import { judgedOf } from "./rule";
import type { NewRule } from "./rule-schema";
import {
  insertRule,
  listRules,
  listVersions,
  lockRule,
  MOST_RULES,
  markDeleted,
  newRuleId,
  type RuleRow,
  readRule,
  readStandings,
  type Standing,
  updateRule,
} from "./rule-store";
import type { RuleItem, RulesPage, RulesQuery, RuleVersions } from "./rules-schema";
import { decidedOf, runOf } from "./run";
import type { CloseReason } from "./schema";
import { EVALUATE_TASK } from "./tasks";
import { nextTick, offsetOf } from "./ticks";

/** Milliseconds and id of the last one seen. */
const Place = z.tuple([z.int().min(0).max(8.64e15), z.string().max(100)]);

export async function readRules(
  workspace: string,
  { limit, cursor }: RulesQuery,
  now = new Date(),
): Promise<RulesPage> {
  const place = cursor === undefined ? null : decodeCursor(Place, cursor);
  const after = place && { createdAt: new Date(place[0]), id: place[1] };
  const rows = await listRules(workspace, { limit: limit + 1, after });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: await itemsOf(workspace, shown, now),
    next_cursor:
      rows.length > limit && last ? encodeCursor([last.createdAt.getTime(), last.id]) : null,
  };
}

/** All there may be: see `MOST_RULES`. */
export async function readAllRules(workspace: string, now = new Date()): Promise<RulesPage> {
  const rows = await listRules(workspace, { limit: MOST_RULES, after: null });
  return { data: await itemsOf(workspace, rows, now), next_cursor: null };
}

/** Throws `not_found`. */
export async function readRuleItem(workspace: string, id: string): Promise<RuleItem> {
  return itemOf(workspace, await readRule(workspace, id));
}

/** Throws `not_found`. */
export async function readRuleVersions(workspace: string, id: string): Promise<RuleVersions> {
  await readRule(workspace, id);
  const rows = await listVersions(workspace, id);
  const data = rows.map(({ version, author, createdAt, rule }) => ({
    ...{ version, author, rule, created_at: createdAt.toISOString() },
  }));
  return { data, next_cursor: null };
}

/** Throws `invalid` with what is wrong with it. Its first tick is the next that comes. */
export async function createRule(
  caller: Caller,
  rule: NewRule,
  now = new Date(),
): Promise<RuleItem> {
  const { workspace } = caller;
  await refuseBad(workspace, rule);
  const author = await authorOf(caller);
  const id = newRuleId();
  const row = await prisma.$transaction(async (tx) => {
    await refuseUntried(workspace, null, rule, tx);
    const made = await insertRule(tx, workspace, {
      ...timingOf(id, rule, now),
      id,
      rule,
      author,
      now,
    });
    await record(tx, workspace, { action: "rule.created", target: made, after: rule });
    await wake(tx);
    return made;
  });
  return itemOf(workspace, row);
}

/**
 * As a new version. What is open goes on and is judged by it at the next tick; alerts that cannot exist any
 * more, and all of a rule that is paused now, are closed. Throws `not_found`, `invalid`.
 */
export async function replaceRule(
  caller: Caller,
  id: string,
  rule: NewRule,
  now = new Date(),
): Promise<RuleItem> {
  const { workspace } = caller;
  await refuseBad(workspace, rule);
  const issue = builtinIssue(id, rule);
  if (issue) throw invalidField(issue.path, issue.message);
  const author = await authorOf(caller);
  const row = await prisma.$transaction(async (tx) => {
    const before = await lockRule(tx, workspace, id);
    await refuseUntried(workspace, before, rule, tx);
    if (rule.paused && !before.paused) await endAlerts(tx, before, { reason: "paused", now });
    else await endAlerts(tx, before, { reason: "rule_changed", now, after: rule });
    const made = await updateRule(tx, before, { ...timingOf(id, rule, now), rule, author, now });
    const states = { before: before.rule, after: rule };
    await record(tx, workspace, { action: "rule.changed", target: made, ...states });
    await wake(tx);
    return made;
  });
  return itemOf(workspace, row);
}

/** Pauses or resumes. Throws `not_found`. */
export async function pauseRule(caller: Caller, id: string, paused: boolean): Promise<RuleItem> {
  const { rule } = await readRule(caller.workspace, id);
  return replaceRule(caller, id, { ...rule, paused });
}

/** Its alerts are closed, its episodes stay. Throws `not_found`, `conflict` for a built-in one. */
export async function deleteRule(
  { workspace }: Caller,
  id: string,
  now = new Date(),
): Promise<void> {
  if (isBuiltin(id))
    throw new AppError(
      "conflict",
      "A built-in rule stays: raise its bound, or route it elsewhere.",
    );
  await prisma.$transaction(async (tx) => {
    const row = await lockRule(tx, workspace, id);
    await endAlerts(tx, row, { reason: "deleted", now });
    await markDeleted(tx, row, now);
    await record(tx, workspace, { action: "rule.deleted", target: row, before: row.rule });
  });
}

type Ending = { reason: CloseReason; now: Date; after?: NewRule };

/** Closes alerts, with `after` only those that the rule cannot have any more. Who was told of one is told of its close. */
async function endAlerts(db: Db, row: RuleRow, { reason, now, after }: Ending): Promise<void> {
  const { workspace, id: ruleId, rule: before } = row;
  const instances = await readInstances([{ workspace, ruleId }], db);
  const run = runOf({ ...row, instances: instances.get(`${workspace}/${ruleId}`) ?? [] }, false);
  for (const live of run.lives.values()) {
    const { instance } = live;
    if (instance === null) continue;
    const next = after && afterEdit({ before, after }, { labels: live.labels, instance });
    if (!next) endLive(run, live, { reason, atMs: now.getTime() });
    else if (next !== instance) Object.assign(live, { instance: next, isChanged: true });
  }
  run.tickMs = row.cursor?.getTime() ?? now.getTime();
  const health = {
    ...{ state: row.health, text: row.healthText, since: row.healthSince, errors: row.errors },
  };
  const decided = decidedOf(run, { dueMs: row.dueAt.getTime(), nowMs: now.getTime(), health });
  await saveDecisions(db, [decided], now);
  const told = (await noticesOf(workspace, [run], db)).get(ruleId);
  await saveEvidence(db, told?.evidence ?? []);
  if (told?.notices.length) await putNotices(db, workspace, told.notices, now);
}

function timingOf(id: string, rule: NewRule, now: Date) {
  const { everyMs } = judgedOf(rule);
  const offsetMs = offsetOf(id, everyMs);
  return { everyMs, offsetMs, dueAt: new Date(nextTick(now.getTime(), everyMs, offsetMs)) };
}

/** Evaluation sleeps until the next tick it knows of, and is to hear of an earlier one. */
const wake = (db: Db) =>
  enqueue(db, { task: EVALUATE_TASK, payload: {}, key: `${EVALUATE_TASK}_now` });

const itemOf = async (workspace: string, row: RuleRow): Promise<RuleItem> => {
  const [item] = await itemsOf(workspace, [row], new Date());
  if (!item) throw new Error("one row gives one item");
  return item;
};

async function itemsOf(
  workspace: string,
  rows: readonly RuleRow[],
  now: Date,
): Promise<RuleItem[]> {
  const standings = await readStandings(
    workspace,
    rows.map(({ id }) => id),
    now,
  );
  return rows.map((row) => ({
    ...row.rule,
    ...{ id: row.id, version: row.version, builtin: isBuiltin(row.id) },
    ...stateOf(standings.get(row.id)),
    health: row.health as RuleItem["health"],
    ...{ health_text: row.healthText, lag_ms: row.lagMs },
    evaluated_at: row.evaluatedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }));
}

function stateOf(standing: Standing | undefined) {
  const { firing = 0, pending = 0, other = 0, opened = 0, noisy = 0 } = standing ?? {};
  return {
    state: firing > 0 ? "firing" : other > 0 ? "no_data" : pending > 0 ? "pending" : "inactive",
    ...{ firing, pending, fired_7d: opened, noise: opened === 0 ? null : noisy / opened },
  } as const;
}
