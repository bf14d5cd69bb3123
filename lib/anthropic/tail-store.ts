import { prisma } from "@/lib/db/client";
import type { Reader } from "./budget-store";

export type TailKey = Reader & { sessionId: string };

export type Tailed = {
  status: string | null;
  /** Archived or deleted: nothing more is told of it. */
  isEnded: boolean;
  /** Another one when the connection's key or address has changed. */
  access: string;
};

/** What there is to tail; null when the session is not here or its connection is not being read. */
export async function readTailed(key: TailKey): Promise<Tailed | null> {
  const rows = await prisma.$queryRaw<Tailed[]>`
    select s.status, (s.deleted_at is not null or s.archived_at is not null) as "isEnded",
      md5(c.base_url || split_part(c.api_key_sealed, '.', 4)) as access
    from session s join connection c on c.workspace = s.workspace and c.id = s.connection_id
    where s.workspace = ${key.workspace} and s.session_id = ${key.sessionId}
      and s.connection_id = ${key.connectionId} and c.state in ('backfilling', 'live')`;
  return rows[0] ?? null;
}

/** The session's children as they were last listed, the newest of them. */
export async function readChildren(
  key: TailKey,
  limit: number,
): Promise<Array<{ id: string; isAtWork: boolean }>> {
  return prisma.$queryRaw`
    select thread_id as id, coalesce(status in ('running', 'rescheduling'), false) as "isAtWork"
    from thread
    where workspace = ${key.workspace} and session_id = ${key.sessionId}
      and connection_id = ${key.connectionId} and thread_id <> ''
    order by created_at desc nulls last limit ${limit}`;
}

type Claim = { holder: string; leaseMs: number; mostStreams: number };

/** Takes a session to be tailed by one stream; false while another does, or the connection has enough. */
export async function claimTail(
  { workspace, connectionId, sessionId }: TailKey,
  { holder, leaseMs, mostStreams }: Claim,
): Promise<boolean> {
  await prisma.$executeRaw`
    delete from sync_tail
    where workspace = ${workspace} and connection_id = ${connectionId} and claimed_until < now()`;
  const lease = `${leaseMs} milliseconds`;
  const taken = await prisma.$executeRaw`
    insert into sync_tail (workspace, connection_id, session_id, holder, claimed_until)
    select ${workspace}, ${connectionId}, ${sessionId}, ${holder}, now() + ${lease}::interval
    where (select coalesce(sum(streams), 0) from sync_tail
      where workspace = ${workspace} and connection_id = ${connectionId}) < ${mostStreams}
    on conflict do nothing`;
  return taken > 0;
}

/**
 * Keeps a claim for so long again, with streams for so many children. Returns for how many there is
 * room; null when the claim was lost.
 */
export async function renewTail(
  { workspace, connectionId, sessionId }: TailKey,
  { holder, leaseMs, mostStreams, threads }: Claim & { threads: number },
): Promise<number | null> {
  const lease = `${leaseMs} milliseconds`;
  const rows = await prisma.$queryRaw<Array<{ threads: number }>>`
    update sync_tail set claimed_until = now() + ${lease}::interval,
      streams = 1 + greatest(0, least(${threads}::int, ${mostStreams}::int - 1 - (
        select coalesce(sum(o.streams), 0)::int from sync_tail o
        where o.workspace = ${workspace} and o.connection_id = ${connectionId}
          and o.session_id <> ${sessionId} and o.claimed_until > now())))
    where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = ${sessionId} and holder = ${holder}
    returning streams - 1 as threads`;
  return rows[0]?.threads ?? null;
}

export async function releaseTail(
  { workspace, connectionId, sessionId }: TailKey,
  holder: string,
): Promise<void> {
  await prisma.$executeRaw`
    delete from sync_tail where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = ${sessionId} and holder = ${holder}`;
}
