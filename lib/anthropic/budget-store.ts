import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { insertReads } from "@/lib/metrics/meter-store";
import type { Pace } from "./pace";

export type Reader = { workspace: string; connectionId: string };

/** What came of asking for a read: when it may go out, or how long to wait before asking again. */
export type Turn =
  | { kind: "go"; waitMs: number; refusals: number }
  | { kind: "later"; waitMs: number }
  | { kind: "stopped" };

/**
 * Takes the next read of a connection. An urgent one takes a turn ahead of time and waits for it; one
 * in the background takes a turn only when it has come, so that it never stands in front of an urgent one.
 */
export async function takeRead(
  { workspace, connectionId }: Reader,
  { intervalMs, aheadMs }: Pace,
  urgent: boolean,
  db: Db = prisma,
): Promise<Turn> {
  const step = `${intervalMs} milliseconds`;
  const ahead = `${aheadMs} milliseconds`;
  const taken = await db.$queryRaw<Array<{ wait: number; refusals: number }>>`
    with took as (
      insert into read_budget as b (workspace, connection_id, next_at)
      select workspace, id, clock_timestamp() + ${step}::interval from connection
      where workspace = ${workspace} and id = ${connectionId} and state in ('backfilling', 'live')
      on conflict (workspace, connection_id) do update
        set next_at = greatest(b.next_at, clock_timestamp()) + ${step}::interval
        where b.blocked_until <= clock_timestamp()
          and (${urgent} or b.next_at - ${ahead}::interval <= clock_timestamp())
      returning next_at - ${step}::interval - ${ahead}::interval as at, refusals),
    counted as (
      insert into read_count as c (workspace, connection_id, at, reads)
      select ${workspace}, ${connectionId}, greatest(at, clock_timestamp()), 1 from took
      on conflict (workspace, connection_id, at) do update set reads = c.reads + 1),
    metered as (${insertReads(Prisma.sql`
      select ${workspace}, ${connectionId}, greatest(at, clock_timestamp()), 1, 0 from took`)})
    select greatest(0, extract(epoch from at - clock_timestamp()) * 1000)::float8 as wait, refusals
    from took`;
  if (taken[0]) return { kind: "go", waitMs: taken[0].wait, refusals: taken[0].refusals };
  const standing = await db.$queryRaw<Array<{ wait: number }>>`
    select greatest(0, extract(epoch from greatest(b.blocked_until,
      case when ${urgent} then b.blocked_until else b.next_at - ${ahead}::interval end)
      - clock_timestamp()) * 1000)::float8 as wait
    from read_budget b join connection c on c.workspace = b.workspace and c.id = b.connection_id
    where b.workspace = ${workspace} and b.connection_id = ${connectionId}
      and c.state in ('backfilling', 'live')`;
  return standing[0] ? { kind: "later", waitMs: standing[0].wait } : { kind: "stopped" };
}

/**
 * Nobody reads for so long; 429s in a row are counted. Those to requests that were under way together
 * are one: the later ones come while reading is blocked already.
 */
export async function blockReads(
  { workspace, connectionId }: Reader,
  ms: number,
  refused: boolean,
) {
  const length = `${ms} milliseconds`;
  await prisma.$executeRaw`
    with metered as (${insertReads(Prisma.sql`
      select ${workspace}, ${connectionId}, clock_timestamp(), 0, 1 where ${refused}`)})
    update read_budget set blocked_until = greatest(blocked_until, clock_timestamp() + ${length}::interval),
      refusals = case when ${refused} and blocked_until <= clock_timestamp() then refusals + 1
        else refusals end
    where workspace = ${workspace} and connection_id = ${connectionId}`;
}

export async function clearRefusals({ workspace, connectionId }: Reader): Promise<void> {
  await prisma.$executeRaw`
    update read_budget set refusals = 0
    where workspace = ${workspace} and connection_id = ${connectionId} and refusals > 0`;
}

/** Counts older than an hour answer no question. */
export async function forgetOldCounts(): Promise<void> {
  await prisma.$executeRaw`delete from read_count where at < now() - interval '1 hour'`;
}
