import { randomUUID } from "node:crypto";
import { type Db, prisma } from "@/lib/db/client";
import { type AlertRule, Prisma } from "@/lib/db/generated/client";
import { AppError } from "@/lib/http/errors";
import { isBuiltin } from "./builtin";
import { BRIEF_MS } from "./noise";
import { NewRule } from "./rule-schema";

/** A workspace keeps at most this many. */
export const MOST_RULES = 2_000;

/** What is kept of a rule, with the rule itself as it was written. */
export type RuleRow = Omit<AlertRule, "body"> & { rule: NewRule };

const rowOf = ({ body, ...row }: AlertRule): RuleRow => ({ ...row, rule: NewRule.parse(body) });

const missing = () => new AppError("not_found", "There is no such rule.");

type Place = { createdAt: Date; id: string };

/** In the order in which they were made. */
export async function listRules(
  workspace: string,
  { limit, after }: { limit: number; after: Place | null },
  db: Db = prisma,
): Promise<RuleRow[]> {
  const rows = await db.alertRule.findMany({
    where: {
      ...{ workspace, deletedAt: null },
      ...(after && {
        OR: [
          { createdAt: { gt: after.createdAt } },
          { createdAt: after.createdAt, id: { gt: after.id } },
        ],
      }),
    },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: limit,
  });
  return rows.map(rowOf);
}

/** Throws `not_found`, also for one that was deleted. */
export async function readRule(workspace: string, id: string, db: Db = prisma): Promise<RuleRow> {
  const row = await db.alertRule.findUnique({ where: { workspace_id: { workspace, id } } });
  if (!row || row.deletedAt) throw missing();
  return rowOf(row);
}

/** The same, and nobody evaluates or changes it until the transaction ends. */
export async function lockRule(db: Db, workspace: string, id: string): Promise<RuleRow> {
  await db.$queryRaw`
    select 1 from alert_rule where workspace = ${workspace} and id = ${id} for update`;
  return readRule(workspace, id, db);
}

/** One worker at a time makes the built-in rules. */
export async function lockBuiltin(db: Db): Promise<void> {
  await db.$executeRaw`select pg_advisory_xact_lock(hashtext('alert_rule builtin'))`;
}

/** Which of these rules workspaces do not have. */
export function readLacking(
  ids: readonly string[],
  db: Db = prisma,
): Promise<{ workspace: string; id: string }[]> {
  return db.$queryRaw`
    select w.id as workspace, wanted.id from workspace w cross join unnest(${[...ids]}::text[]) wanted(id)
    where not exists (select from alert_rule r where r.workspace = w.id and r.id = wanted.id)`;
}

type Timing = { everyMs: number; offsetMs: number; dueAt: Date };

export const newRuleId = () => `rule_${randomUUID().replaceAll("-", "")}`;

/** Throws `conflict` when there are too many. */
export async function insertRule(
  db: Db,
  workspace: string,
  {
    id,
    rule,
    author,
    now,
    ...timing
  }: Timing & { id: string; rule: NewRule; author: string; now: Date },
): Promise<RuleRow> {
  const count = isBuiltin(id)
    ? 0
    : await db.alertRule.count({ where: { workspace, deletedAt: null } });
  if (count >= MOST_RULES)
    throw new AppError("conflict", `There are ${MOST_RULES} rules; delete one first.`);
  const { name, kind, paused } = rule;
  const row = await db.alertRule.create({
    data: {
      ...{ workspace, id, name, kind, paused, body: rule, createdAt: now, updatedAt: now },
      ...timing,
    },
  });
  await saveVersion(db, row, author, now);
  return rowOf(row);
}

/** As a new version; the row is to be locked. */
export async function updateRule(
  db: Db,
  { workspace, id, version }: RuleRow,
  { rule, author, now, ...timing }: Timing & { rule: NewRule; author: string; now: Date },
): Promise<RuleRow> {
  const { name, kind, paused } = rule;
  const row = await db.alertRule.update({
    where: { workspace_id: { workspace, id } },
    data: {
      ...{ name, kind, paused, body: rule, version: version + 1, updatedAt: now },
      ...{ errors: 0, health: "unknown", healthText: null },
      ...timing,
    },
  });
  await saveVersion(db, row, author, now);
  return rowOf(row);
}

export async function markDeleted(db: Db, { workspace, id }: RuleRow, now: Date): Promise<void> {
  await db.alertRule.update({
    where: { workspace_id: { workspace, id } },
    data: { deletedAt: now, updatedAt: now },
  });
}

async function saveVersion(db: Db, row: AlertRule, author: string, now: Date): Promise<void> {
  const { workspace, id: ruleId, version, body } = row;
  await db.alertRuleVersion.create({
    data: {
      ...{ workspace, ruleId, version, author, createdAt: now },
      body: body ?? Prisma.JsonNull,
    },
  });
}

export type RuleVersionRow = { version: number; rule: NewRule; author: string; createdAt: Date };

/** Newest first. */
export async function listVersions(
  workspace: string,
  ruleId: string,
  db: Db = prisma,
): Promise<RuleVersionRow[]> {
  const rows = await db.alertRuleVersion.findMany({
    where: { workspace, ruleId },
    orderBy: { version: "desc" },
    take: 200,
  });
  return rows.map(({ version, body, author, createdAt }) => ({
    ...{ version, author, createdAt },
    rule: NewRule.parse(body),
  }));
}

/** Rules as they are now by id, deleted ones as well: episodes outlive their rules. */
export async function readRulesNamed(
  workspace: string,
  ids: readonly string[],
  db: Db = prisma,
): Promise<Map<string, NewRule>> {
  if (ids.length === 0) return new Map();
  const rows = await db.alertRule.findMany({
    where: { workspace, id: { in: [...new Set(ids)] } },
    select: { id: true, body: true },
  });
  return new Map(rows.map(({ id, body }) => [id, NewRule.parse(body)]));
}

/** Rules that are not deleted, by id. */
export async function readRulesOf(
  workspace: string,
  ids: readonly string[],
  db: Db = prisma,
): Promise<Map<string, RuleRow>> {
  const where = { workspace, id: { in: [...ids] }, deletedAt: null };
  return new Map((await db.alertRule.findMany({ where })).map((row) => [row.id, rowOf(row)]));
}

/** A rule as it was in a version; null where that is not known. */
export async function readRuleVersion(
  workspace: string,
  ruleId: string,
  version: number,
  db: Db = prisma,
): Promise<NewRule | null> {
  const where = { workspace_ruleId_version: { workspace, ruleId, version } };
  const row = await db.alertRuleVersion.findUnique({ where });
  return row && NewRule.parse(row.body);
}

export type Standing = {
  ruleId: string;
  firing: number;
  pending: number;
  other: number;
  /** Opened in the last seven days, and how many of these closed within five minutes or nobody acknowledged. */
  opened: number;
  noisy: number;
};

/** How rules stand: of those asked for, or of all. */
export async function readStandings(
  workspace: string,
  ids: readonly string[],
  now: Date,
  db: Db = prisma,
): Promise<Map<string, Standing>> {
  const since = new Date(now.getTime() - 7 * 86_400_000);
  const rows = await db.$queryRaw<Standing[]>`
    select r.id as "ruleId", i.firing, i.pending, i.other, e.opened, e.noisy
    from unnest(${[...ids]}::text[]) r(id)
    cross join lateral (
      select count(*) filter (where status in ('firing', 'recovering'))::int as firing,
        count(*) filter (where status = 'pending')::int as pending,
        count(*) filter (where status = 'no_data')::int as other
      from alert_instance where workspace = ${workspace} and rule_id = r.id) i
    cross join lateral (
      select count(*)::int as opened, count(*) filter (where
        closed_at - opened_at < ${BRIEF_MS} * interval '1 millisecond'
        or (closed_at is not null and acknowledged_at is null))::int as noisy
      from alert_episode where workspace = ${workspace} and rule_id = r.id
        and opened_at >= ${since}) e`;
  return new Map(rows.map((row) => [row.ruleId, row]));
}
