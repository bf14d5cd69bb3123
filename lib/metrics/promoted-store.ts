import { type Db, prisma } from "@/lib/db/client";
import { Prisma, type PromotedKey } from "@/lib/db/generated/client";
import type { Bound } from "./promoted";
import type { Promotion } from "./schema";

export type PromotedRow = PromotedKey;

const lockKey = (workspace: string) =>
  Prisma.sql`hashtextextended(${`watchkeeper promoted keys ${workspace}`}, 0)`;

/**
 * Part of a transaction's first statement: whoever counts sessions holds it to the end, so that a promotion
 * waits for those under way, and what begins after it counts with the key.
 */
export const promotionsHeld = (workspace: string) =>
  Prisma.sql`select pg_advisory_xact_lock_shared(${lockKey(workspace)})`;

/** Waits until nobody counts sessions without knowing of what is to be changed. */
export async function lockPromotions(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`select pg_advisory_xact_lock(${lockKey(workspace)})`;
}

const IN_FORCE = Prisma.sql`state <> 'removing'`;

/** Keys that sessions are counted under, as JSON: part of a statement that reads more. */
export const currentPromotions = (workspace: string) => Prisma.sql`(
  select coalesce(json_agg(json_build_object('id', id, 'key', key) order by id), '[]')
  from promoted_key where workspace = ${workspace} and ${IN_FORCE})`;

/** The same of all workspaces, by their ids alone. */
export async function readPromotionIds(db: Db): Promise<Set<number>> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    select id from promoted_key where ${IN_FORCE}`;
  return new Set(rows.map(({ id }) => id));
}

export async function listPromotions(workspace: string, db: Db = prisma): Promise<PromotedRow[]> {
  return db.promotedKey.findMany({ where: { workspace }, orderBy: { id: "asc" } });
}

/** The key's promotion, as far as metrics can be read by it. */
export async function readFilled(
  workspace: string,
  key: string,
  db: Db,
): Promise<Promotion | null> {
  return db.promotedKey.findFirst({
    where: { workspace, key, state: "ready" },
    select: { id: true, key: true },
  });
}

export async function savePromotion(
  db: Db,
  row: { workspace: string; key: string; createdAt: Date },
): Promise<PromotedRow> {
  return db.promotedKey.create({ data: { ...row, state: "filling" } });
}

export async function updatePromotion(
  db: Db,
  { workspace, id }: { workspace: string; id: number },
  data: Partial<PromotedRow>,
): Promise<void> {
  await db.promotedKey.update({ where: { workspace_id: { workspace, id } }, data });
}

/** Of any workspace, the oldest with something left to do. */
export async function readUnfinished(db: Db = prisma): Promise<PromotedRow | null> {
  return db.promotedKey.findFirst({
    where: { state: { in: ["filling", "removing"] } },
    orderBy: { id: "asc" },
  });
}

/** Locks it until the transaction ends; null when another process is at it, or it is done. */
export async function claimPromotion(
  db: Db,
  { workspace, id, state }: PromotedRow,
): Promise<PromotedRow | null> {
  const claimed = await db.$queryRaw<unknown[]>`
    select from promoted_key where workspace = ${workspace} and id = ${id} and state = ${state}
    for update skip locked`;
  if (claimed.length === 0) return null;
  return db.promotedKey.findUnique({ where: { workspace_id: { workspace, id } } });
}

/** What is to be forgotten of one that was taken back; some rows at once. Returns how many were left. */
export async function deleteSums(
  db: Db,
  { workspace, id }: PromotedRow,
  limit: number,
): Promise<number> {
  return db.$executeRaw`
    delete from rollup where ctid = any(array(
      select ctid from rollup where workspace = ${workspace} and promotion = ${id} limit ${limit}))`;
}

export async function deletePromotion(db: Db, { workspace, id }: PromotedRow): Promise<void> {
  await db.$executeRaw`delete from rollup where workspace = ${workspace} and promotion = ${id}`;
  await db.promotedValue.deleteMany({ where: { workspace, promotion: id } });
  await db.promotedDay.deleteMany({ where: { workspace, promotion: id } });
  await db.promotedKey.delete({ where: { workspace_id: { workspace, id } } });
}

export type FoldedDay = Bound & { day: number };

/** The days from one to another, both among them, on which values were folded. */
export async function readFoldedDays(
  db: Db,
  of: { workspace: string; promotion: number },
  { from, to }: { from: number; to: number },
): Promise<FoldedDay[]> {
  return db.promotedDay.findMany({
    where: { ...of, day: { gte: from, lte: to } },
    select: { day: true, last: true },
    orderBy: { day: "asc" },
  });
}

/** How many days of each promotion have folded values. */
export async function countFoldedDays(
  workspace: string,
  db: Db = prisma,
): Promise<Map<number, number>> {
  const rows = await db.promotedDay.groupBy({
    by: ["promotion"],
    where: { workspace },
    _count: true,
  });
  return new Map(rows.map(({ promotion, _count }) => [promotion, _count]));
}

/** How many sessions were gone before each promotion, without a word of what they had said. */
export async function countGoneBefore(
  workspace: string,
  db: Db = prisma,
): Promise<Map<number, number>> {
  const rows = await db.$queryRaw<Array<{ id: number; n: number }>>`
    select p.id, count(*)::int as n from promoted_key p
    join gone_session g on g.workspace = p.workspace and g.gone_at < p.created_at
    where p.workspace = ${workspace} group by p.id`;
  return new Map(rows.map(({ id, n }) => [id, n]));
}

export type SeenKey = { key: string; sessions: number; values: number; examples: string[] };

/** The metadata keys of the newest sessions, those that most of them have first. */
export async function readSeenKeys(
  workspace: string,
  { sessions, keys }: { sessions: number; keys: number },
  db: Db = prisma,
): Promise<{ counted: number; seen: SeenKey[] }> {
  const [row] = await db.$queryRaw<Array<{ counted: number; seen: SeenKey[] | null }>>`
    with s as materialized (
      select metadata from session where workspace = ${workspace}
      order by started_at desc nulls last limit ${sessions}),
    v as (
      select m.key, m.value, count(*)::int as n from s cross join lateral jsonb_each_text(metadata) m
      group by 1, 2),
    k as (
      select key, sum(n)::int as sessions, count(*)::int as values,
        (array_agg(value order by n desc, value))[1:3] as examples
      from v group by key order by sessions desc, key limit ${keys})
    select (select count(*)::int from s) as counted,
      (select json_agg(k order by sessions desc, key) from k) as seen`;
  return { counted: row?.counted ?? 0, seen: row?.seen ?? [] };
}
