import { prisma } from "@/lib/db/client";
import type { Reader } from "./budget-store";

export type SyncRow = {
  sessionId: string;
  status: string | null;
  /** As last listed, so many ms ago. */
  listedStatus: string | null;
  updatedAt: string | null;
  listedAgoMs: number;
  readUpdatedAt: string | null;
  watermark: string | null;
  hasThreads: boolean;
  threads: Record<string, string>;
  events: number;
  wholeAt: string | null;
  failures: number;
  isGone: boolean;
  /** All its lists are to be read once more, whatever they looked like: the spans miss something. */
  relist: boolean;
};

const COLUMNS = `session_id as "sessionId", status, listed_status as "listedStatus",
  updated_at as "updatedAt", (extract(epoch from now() - seen_at) * 1000)::float8 as "listedAgoMs",
  read_updated_at as "readUpdatedAt", watermark, has_threads as "hasThreads", threads, events,
  whole_at::text as "wholeAt", failures, gone_at is not null as "isGone",
  relist_usage is not null and relisted_at is null as relist`;
const LEASE_END = "now() + $4 * interval '1 millisecond'";
const TAKEN = `claimed_until = ${LEASE_END}, due_at = ${LEASE_END}`;

// A session that is taken is due again when its time runs out: should its reader die, another goes on.

/** Takes some sessions that are due, the longest overdue first, for so many ms. */
export function claimDue(
  { workspace, connectionId }: Reader,
  limit: number,
  leaseMs: number,
): Promise<SyncRow[]> {
  return prisma.$queryRawUnsafe(
    `update sync_session set ${TAKEN}
     where workspace = $1 and connection_id = $2 and session_id in (
       select session_id from sync_session
       where workspace = $1 and connection_id = $2 and due_at <= now() and gone_at is null
         and coalesce(claimed_until, '-infinity') < now()
       order by due_at limit $3 for update skip locked)
     returning ${COLUMNS}`,
    workspace,
    connectionId,
    limit,
    leaseMs,
  );
}

/** Takes those of the sessions that are due and that nobody is at. */
export function claimListed(
  { workspace, connectionId }: Reader,
  ids: string[],
  leaseMs: number,
): Promise<SyncRow[]> {
  return prisma.$queryRawUnsafe(
    `update sync_session set ${TAKEN}
     where workspace = $1 and connection_id = $2 and session_id = any($3::text[])
       and due_at <= now() and coalesce(claimed_until, '-infinity') < now()
     returning ${COLUMNS}`,
    workspace,
    connectionId,
    ids,
    leaseMs,
  );
}

/** Takes one session, known or not; null while somebody else is at it, who then looks once more. */
export async function claimOne(
  { workspace, connectionId }: Reader,
  sessionId: string,
  leaseMs: number,
): Promise<SyncRow | null> {
  const rows = await prisma.$queryRawUnsafe<SyncRow[]>(
    `insert into sync_session as s (workspace, connection_id, session_id, seen_at, due_at, claimed_until)
     values ($1, $2, $3, now(), ${LEASE_END}, ${LEASE_END})
     on conflict (workspace, connection_id, session_id) do update set ${TAKEN}
       where coalesce(s.claimed_until, '-infinity') < now()
     returning ${COLUMNS}`,
    workspace,
    connectionId,
    sessionId,
    leaseMs,
  );
  if (rows[0]) return rows[0];
  // What a list said is older than what has just been told.
  await prisma.$executeRaw`
    update sync_session set due_at = now(), listed_status = null
    where workspace = ${workspace} and connection_id = ${connectionId} and session_id = ${sessionId}`;
  return null;
}

/** Keeps those of the sessions that are claimed for so many ms more. What was told of them meanwhile stays told. */
export async function renewClaims(
  { workspace, connectionId }: Reader,
  ids: string[],
  leaseMs: number,
): Promise<void> {
  const lease = `${leaseMs} milliseconds`;
  await prisma.$executeRaw`
    update sync_session set claimed_until = now() + ${lease}::interval,
      due_at = case when due_at < claimed_until then due_at else now() + ${lease}::interval end
    where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = any(${ids}::text[]) and claimed_until is not null`;
}

/** Taken and not begun: free for whoever comes next, not only when the time runs out. */
export async function releaseClaims(
  { workspace, connectionId }: Reader,
  ids: string[],
): Promise<void> {
  await prisma.$executeRaw`
    update sync_session set claimed_until = null, due_at = now()
    where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = any(${ids}::text[]) and claimed_until is not null`;
}
