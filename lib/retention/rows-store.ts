import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { keysTable, type SessionName } from "@/lib/ingest/seal-store";
import { isHeld } from "./hold-store";

/** What has rows of its own, in partitions by day. Words go with the events they are of. */
export type Rows = "event" | "span";

const TABLES: Record<Rows, readonly string[]> = {
  event: ["event", "message_text"],
  span: ["span"],
};
const SEALED_AT: Record<Rows, string> = { event: "events_at", span: "spans_at" };
const HAS: Record<Rows, string> = { event: "has_events", span: "has_spans" };

const raw = Prisma.raw;
/** Of a seal `x`: its rows are dropped and not removed yet. */
const isLeft = (rows: Rows) => raw(`x.${SEALED_AT[rows]} is not null and x.${HAS[rows]}`);

/** The oldest day after another on which rows of the workspace are to be removed; null for none. */
export async function readDayLeft(
  db: Db,
  workspace: string,
  rows: Rows,
  after: string,
): Promise<string | null> {
  const [row] = await db.$queryRaw<Array<{ day: string | null }>>`
    select min(x.day)::text as day from session_seal x
    where x.workspace = ${workspace} and ${isLeft(rows)} and x.day > ${after}::date
      and not ${isHeld("x")}`;
  return row?.day ?? null;
}

/**
 * Drops a day's partitions whole when no session of that day, of whatever workspace, is to keep its rows;
 * false when one is. Sealed sessions get no rows any more but today's, and on a day that is over none
 * begins, so what is found stays so. Waits two seconds at most for those who read: everybody else waits behind it.
 */
export async function dropDay(db: Db, rows: Rows, day: string): Promise<boolean> {
  await db.$executeRaw`
    select pg_advisory_xact_lock_shared(hashtextextended('holds:' || id, 0)) from workspace`;
  const [found] = await db.$queryRaw<Array<{ kept: boolean }>>`
    select exists (select from session s left join session_seal x using (workspace, session_id, connection_id)
      where s.day = ${day}::date and (${raw(`x.${SEALED_AT[rows]}`)} is null or ${isHeld("s")})) as kept`;
  if (found?.kept !== false) return false;
  await dropTables(db, rows, day);
  await db.$executeRaw`
    update session_seal x set ${raw(HAS[rows])} = false where day = ${day}::date and ${isLeft(rows)}`;
  return true;
}

async function dropTables(db: Db, rows: Rows, day: string): Promise<void> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`not a day: ${day}`);
  await db.$executeRaw`set local lock_timeout = '2s'`;
  for (const table of TABLES[rows])
    await db.$executeRawUnsafe(`drop table if exists "${table}_${day.replaceAll("-", "")}"`);
  await db.$executeRaw`set local lock_timeout = 0`;
}

/** Whether a drop has waited too long for others; the transaction is undone then. */
export const isLockTimeout = (error: unknown): boolean =>
  /55P03|lock timeout/.test(String((error as Error)?.message ?? ""));

/** Removes the rows of some sealed sessions of a day; how many sessions and rows that were. */
export async function deleteRows(
  db: Db,
  workspace: string,
  rows: Rows,
  { day, limit }: { day: string; limit: number },
): Promise<{ sessions: number; rows: number }> {
  const found = await db.$queryRaw<SessionName[]>`
    select x.session_id as "sessionId", x.connection_id as "connectionId" from session_seal x
    where x.workspace = ${workspace} and x.day = ${day}::date and ${isLeft(rows)}
      and not ${isHeld("x")}
    order by 1, 2 limit ${limit}`;
  if (found.length === 0) return { sessions: 0, rows: 0 };
  const counts: number[] = [];
  for (const table of TABLES[rows])
    counts.push(
      await db.$executeRaw`
        delete from ${raw(table)} t using ${keysTable(found)}
        where t.workspace = ${workspace} and t.day = ${day}::date and t.session_id = k.session_id
          and t.connection_id = k.connection_id`,
    );
  await db.$executeRaw`
    update session_seal x set ${raw(HAS[rows])} = false from ${keysTable(found)}
    where x.workspace = ${workspace} and x.session_id = k.session_id
      and x.connection_id = k.connection_id and x.day = ${day}::date and ${isLeft(rows)}`;
  return { sessions: found.length, rows: counts[0] ?? 0 };
}

/** The first day after another, and before a last, that has partitions and no session any more; null for none. */
export async function readEmptyDay(
  db: Db,
  rows: Rows,
  { after, before }: { after: string; before: string },
): Promise<string | null> {
  const [row] = await db.$queryRaw<Array<{ day: string | null }>>`
    select min(p.day)::text as day from (
      select to_date(substring(c.relname from '[0-9]{8}$'), 'YYYYMMDD') as day
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = ${rows}::regclass and c.relname ~ '_[0-9]{8}$') p
    where p.day > ${after}::date and p.day < ${before}::date
      and not exists (select from session s where s.day = p.day)`;
  return row?.day ?? null;
}
