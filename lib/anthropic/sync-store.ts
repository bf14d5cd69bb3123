import { prisma } from "@/lib/db/client";
import { linesOf } from "@/lib/db/lines";
import type { Reader } from "./budget-store";
import { ACTIVE, isActive } from "./rhythm";

/** `updatedAt`: to the microsecond, in UTC, so that texts compare like instants. */
type Listed = { id: string; status: string; updatedAt: string };

/**
 * Takes in what a list told of sessions. One that is new, or not as it was when it was last read, is
 * due, unless somebody is at it, who sees it when done, or it waits to be tried again, or it is at
 * work as before and has its own rhythm.
 */
export async function noteListed(
  { workspace, connectionId }: Reader,
  listed: readonly Listed[],
  now: Date,
): Promise<void> {
  if (listed.length === 0) return;
  const unique = [...new Map(listed.map((session) => [session.id, session])).values()];
  const lines = linesOf(unique, [(one) => one.id, (one) => one.status, (one) => one.updatedAt]);
  await prisma.$executeRaw`
    insert into sync_session as s
      (workspace, connection_id, session_id, listed_status, updated_at, seen_at, due_at)
    select ${workspace}, ${connectionId}, i, t, u, ${now}, ${now} from ${lines} as l(i, t, u, n)
    where n > 1 order by i
    on conflict (workspace, connection_id, session_id) do update set
      listed_status = excluded.listed_status, updated_at = excluded.updated_at, seen_at = excluded.seen_at, gone_at = null,
      due_at = case when excluded.updated_at is distinct from s.read_updated_at
        and s.claimed_until is null and s.failures = 0
        and not (s.status = any(${ACTIVE}) and excluded.listed_status = any(${ACTIVE}))
        then least(s.due_at, excluded.due_at) else s.due_at end`;
}

export type Read = {
  sessionId: string;
  status: string;
  updatedAt: string;
  watermark: string | null;
  hasThreads: boolean;
  threads: Record<string, string>;
  events: number;
  isWhole: boolean;
  /** It was read because of a usage that its spans did not add up to. */
  isRelist?: boolean;
  nextMs: number | null;
};

/** What a reading came to. It is due at once when a list or a hint told of news meanwhile. */
export async function saveRead({ workspace, connectionId }: Reader, read: Read): Promise<void> {
  const next = read.nextMs === null ? null : `${read.nextMs} milliseconds`;
  await prisma.$executeRaw`
    update sync_session set status = ${read.status}, read_updated_at = ${read.updatedAt},
      watermark = ${read.watermark}, has_threads = ${read.hasThreads},
      threads = ${JSON.stringify(read.threads)}::jsonb, events = ${read.events}, read_at = now(),
      whole_at = case when ${read.isWhole} then now() else whole_at end,
      relisted_at = case when ${read.isRelist === true} then now() else relisted_at end,
      due_at = case when due_at < claimed_until or (updated_at > ${read.updatedAt} collate "C"
          and not (${isActive(read.status)} and listed_status = any(${ACTIVE})))
        then now() else now() + ${next}::interval end,
      claimed_until = null, failures = 0, last_error = null, gone_at = null
    where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = ${read.sessionId}`;
}

export async function saveReadFailure(
  { workspace, connectionId }: Reader,
  failed: { sessionId: string; message: string; failures: number; retryMs: number },
): Promise<void> {
  const wait = `${failed.retryMs} milliseconds`;
  await prisma.$executeRaw`
    update sync_session set failures = ${failed.failures}, last_error = ${failed.message},
      due_at = now() + ${wait}::interval, claimed_until = null
    where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = ${failed.sessionId}`;
}

/** The platform has deleted it; it is not asked for again unless a list names it. */
export async function saveGone(
  { workspace, connectionId }: Reader,
  sessionId: string,
): Promise<void> {
  await prisma.$executeRaw`
    update sync_session set gone_at = now(), due_at = null, claimed_until = null
    where workspace = ${workspace} and connection_id = ${connectionId} and session_id = ${sessionId}`;
}

/** It is not read again, whatever lists say of it: nothing of it would be taken in. */
export async function saveRetained(
  { workspace, connectionId }: Reader,
  sessionId: string,
): Promise<void> {
  await prisma.$executeRaw`
    update sync_session set read_updated_at = updated_at, status = listed_status, due_at = null,
      claimed_until = null, failures = 0, last_error = null,
      relisted_at = coalesce(relisted_at, case when relist_usage is not null then now() end)
    where workspace = ${workspace} and connection_id = ${connectionId} and session_id = ${sessionId}`;
}

/** Nothing is known of it any more, not even its id. */
export async function forgetSynced(
  { workspace, connectionId }: Reader,
  sessionId: string,
): Promise<void> {
  await prisma.syncSession.deleteMany({ where: { workspace, connectionId, sessionId } });
}

/** Sessions that were at work when they were last read. */
export async function countActive({ workspace, connectionId }: Reader): Promise<number> {
  const rows = await prisma.$queryRaw<Array<{ count: number }>>`
    select count(*)::int as count from sync_session
    where workspace = ${workspace} and connection_id = ${connectionId}
      and status in ('running', 'rescheduling')`;
  return rows[0]?.count ?? 0;
}

/** After the list of sessions at work: those that were, and are not in it, are looked at. */
export async function markRested(
  { workspace, connectionId }: Reader,
  listedSince: Date,
): Promise<void> {
  await prisma.$executeRaw`
    update sync_session set due_at = now()
    where workspace = ${workspace} and connection_id = ${connectionId}
      and status in ('running', 'rescheduling') and seen_at < ${listedSince} and due_at > now() and claimed_until is null and failures = 0`;
}

/** After a sweep over all sessions: those it did not meet are looked at, which tells whether they are gone. */
export async function markUnseen(
  { workspace, connectionId }: Reader,
  sweptSince: Date,
): Promise<number> {
  return prisma.$executeRaw`
    update sync_session set due_at = now(), read_updated_at = null
    where workspace = ${workspace} and connection_id = ${connectionId} and gone_at is null
      and seen_at < ${sweptSince} and due_at is null`;
}

/** A session that failed so often does not keep history from being called complete; it is tried on. */
const PATIENCE = 5;

/** Sessions that were listed and never read to their end, those that fail for good left out. */
export async function countUnread({ workspace, connectionId }: Reader): Promise<number> {
  return prisma.syncSession.count({
    where: { workspace, connectionId, wholeAt: null, goneAt: null, failures: { lt: PATIENCE } },
  });
}

/** When the next session is due, and for how long the longest overdue has been waiting, in ms. */
export async function readDue({ workspace, connectionId }: Reader) {
  const rows = await prisma.$queryRaw<Array<{ next: number | null; overdue: number | null }>>`
    select (extract(epoch from min(due_at) - now()) * 1000)::float8 as next,
      (extract(epoch from now() - min(due_at)) * 1000)::float8 as overdue
    from sync_session
    where workspace = ${workspace} and connection_id = ${connectionId} and due_at is not null
      and gone_at is null and coalesce(claimed_until, '-infinity') < now()`;
  return { nextMs: rows[0]?.next ?? null, overdueMs: Math.max(0, rows[0]?.overdue ?? 0) };
}
