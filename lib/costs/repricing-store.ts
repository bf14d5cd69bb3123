import { type Db, prisma } from "@/lib/db/client";
import type { Repricing } from "@/lib/db/generated/client";
import type { Difference } from "./repricing-schema";

export type RepricingRow = Repricing;
export type RepricingKey = { workspace: string; id: string };
export type PartDifference = Difference & { day: string; agent: string };

export async function saveRepricing(db: Db, row: RepricingRow): Promise<RepricingRow> {
  return db.repricing.create({ data: row });
}

export async function readLastRepricing(
  workspace: string,
  db: Db = prisma,
): Promise<RepricingRow | null> {
  return db.repricing.findFirst({
    where: { workspace },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
}

export async function readRepricing(
  { workspace, id }: RepricingKey,
  db: Db = prisma,
): Promise<RepricingRow | null> {
  return db.repricing.findUnique({ where: { workspace_id: { workspace, id } } });
}

/** Waits for the part under way. False when there is none at work. */
export async function endRepricings(
  db: Db,
  where: { workspace: string; id?: string },
  end: { state: "stopped" | "replaced"; now: Date },
): Promise<boolean> {
  const { count } = await db.repricing.updateMany({
    where: { ...where, state: "working" },
    data: { state: end.state, finishedAt: end.now },
  });
  return count > 0;
}

/** Of any workspace, the oldest that is not done. */
export async function readWorking(db: Db = prisma): Promise<RepricingKey | null> {
  return db.repricing.findFirst({
    where: { state: "working" },
    orderBy: { createdAt: "asc" },
    select: { workspace: true, id: true },
  });
}

/** Locks it until the transaction ends; null when another process is at it, or it has ended. */
export async function claimRepricing(db: Db, key: RepricingKey): Promise<RepricingRow | null> {
  const claimed = await db.$queryRaw<unknown[]>`
    select 1 from repricing where workspace = ${key.workspace} and id = ${key.id}
      and state = 'working' for update skip locked`;
  return claimed.length === 0 ? null : readRepricing(key, db);
}

export async function updateRepricing(
  db: Db,
  { workspace, id }: RepricingKey,
  data: Partial<RepricingRow>,
): Promise<void> {
  await db.repricing.update({ where: { workspace_id: { workspace, id } }, data });
}

/** Sessions that were priced with another book; no more than `limit` are counted. */
export async function countOtherwisePriced(
  workspace: string,
  version: string,
  { limit, db = prisma }: { limit: number; db?: Db },
): Promise<number> {
  const [row] = await db.$queryRaw<Array<{ n: number }>>`
    select count(*)::int as n from (
      select from session where workspace = ${workspace} and price_book not in ('', ${version})
      limit ${limit}) s`;
  return row?.n ?? 0;
}

/** The next of them after the place that was reached, in the order of their keys. */
export async function readOtherwisePriced(
  db: Db,
  { workspace, version, afterSession, afterConnection }: RepricingRow,
  limit: number,
): Promise<Array<{ sessionId: string; connectionId: string }>> {
  return db.$queryRaw`
    select session_id as "sessionId", connection_id as "connectionId" from session
    where workspace = ${workspace} and price_book not in ('', ${version})
      and (session_id, connection_id) > (${afterSession}, ${afterConnection})
    order by session_id, connection_id limit ${limit}`;
}

export async function addParts(
  db: Db,
  { workspace, id }: RepricingKey,
  parts: readonly PartDifference[],
): Promise<void> {
  if (parts.length === 0) return;
  await db.$executeRaw`
    insert into repricing_part (workspace, id, day, agent, before_nanos, after_nanos,
      unpriced_before, unpriced_after)
    select ${workspace}, ${id}, day, agent, before_nanos, after_nanos, unpriced_before, unpriced_after
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as p(day date, agent text,
      before_nanos bigint, after_nanos bigint, unpriced_before bigint, unpriced_after bigint)
    order by day, agent
    on conflict (workspace, id, day, agent) do update set
      before_nanos = repricing_part.before_nanos + excluded.before_nanos,
      after_nanos = repricing_part.after_nanos + excluded.after_nanos,
      unpriced_before = repricing_part.unpriced_before + excluded.unpriced_before,
      unpriced_after = repricing_part.unpriced_after + excluded.unpriced_after`;
}

type Sums = { [Name in keyof Difference]: bigint };
const sumsOf = (row: Sums): Difference => ({
  before_nanos: Number(row.before_nanos),
  after_nanos: Number(row.after_nanos),
  unpriced_before: Number(row.unpriced_before),
  unpriced_after: Number(row.unpriced_after),
});

/** By UTC day, those where something differs, the oldest first. */
export async function readDays(
  { workspace, id }: RepricingKey,
  limit: number,
  db: Db = prisma,
): Promise<Array<Difference & { day: string }>> {
  const rows = await db.$queryRaw<Array<Sums & { day: string }>>`
    select day::text, sum(before_nanos)::bigint as before_nanos,
      sum(after_nanos)::bigint as after_nanos, sum(unpriced_before)::bigint as unpriced_before,
      sum(unpriced_after)::bigint as unpriced_after
    from repricing_part where workspace = ${workspace} and id = ${id} group by day
    having bool_or(before_nanos <> after_nanos or unpriced_before <> unpriced_after)
    order by day desc limit ${limit}`;
  return rows.reverse().map((row) => ({ day: row.day, ...sumsOf(row) }));
}

/** By agent, those where something differs, the largest difference first. */
export async function readAgents(
  { workspace, id }: RepricingKey,
  limit: number,
  db: Db = prisma,
): Promise<Array<Difference & { agent: string | null; name: string | null }>> {
  const rows = await db.$queryRaw<Array<Sums & { agent: string; name: string | null }>>`
    select agent, (select object ->> 'name' from agent_version v
        where v.workspace = ${workspace} and v.agent_id = p.agent
        order by first_seen_at desc limit 1) as name, sum(before_nanos)::bigint as before_nanos,
      sum(after_nanos)::bigint as after_nanos, sum(unpriced_before)::bigint as unpriced_before,
      sum(unpriced_after)::bigint as unpriced_after
    from repricing_part p where workspace = ${workspace} and id = ${id} group by agent
    having bool_or(before_nanos <> after_nanos or unpriced_before <> unpriced_after)
    order by abs(sum(after_nanos) - sum(before_nanos)) desc, agent limit ${limit}`;
  return rows.map((row) => ({ agent: row.agent || null, name: row.name, ...sumsOf(row) }));
}

/** What all parts add up to. */
export async function readWhole(
  { workspace, id }: RepricingKey,
  db: Db = prisma,
): Promise<Difference> {
  const [row] = await db.$queryRaw<Sums[]>`
    select coalesce(sum(before_nanos), 0)::bigint as before_nanos,
      coalesce(sum(after_nanos), 0)::bigint as after_nanos,
      coalesce(sum(unpriced_before), 0)::bigint as unpriced_before,
      coalesce(sum(unpriced_after), 0)::bigint as unpriced_after
    from repricing_part where workspace = ${workspace} and id = ${id}`;
  return sumsOf(
    row ?? { before_nanos: 0n, after_nanos: 0n, unpriced_before: 0n, unpriced_after: 0n },
  );
}
