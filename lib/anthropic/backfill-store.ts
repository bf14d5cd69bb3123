import type { Db } from "@/lib/db/client";
import type { Reader } from "./budget-store";

/** Where reading history stands; the first call begins it. `before`: RFC 3339 to the microsecond. */
export async function readBackfilled(
  db: Db,
  { workspace, connectionId }: Reader,
): Promise<{ before: string | null; startedAt: Date }> {
  const [row] = await db.$queryRaw<Array<{ before: string | null; startedAt: Date }>>`
    update connection set backfill_started_at = coalesce(backfill_started_at, now())
    where workspace = ${workspace} and id = ${connectionId}
    returning to_char(backfill_before, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as before,
      backfill_started_at as "startedAt"`;
  return row ?? { before: null, startedAt: new Date(0) };
}

/** One page more is done. */
export async function addBackfilled(
  db: Db,
  { workspace, connectionId }: Reader,
  page: { before: string | null; sessions: number; events: number; ms: number },
): Promise<void> {
  await db.$executeRaw`
    update connection set backfill_before = ${page.before}::timestamptz,
      backfill_sessions = backfill_sessions + ${page.sessions},
      backfill_events = backfill_events + ${page.events},
      backfill_ms = backfill_ms + ${page.ms}
    where workspace = ${workspace} and id = ${connectionId}`;
}

/** Time was spent on a page that is not done. */
export async function addBackfillTime(
  db: Db,
  { workspace, connectionId }: Reader,
  ms: number,
): Promise<void> {
  await db.$executeRaw`
    update connection set backfill_ms = backfill_ms + ${ms}
    where workspace = ${workspace} and id = ${connectionId}`;
}

/** All of history is in; what happens from now on is the turns' to read. */
export async function finishBackfill(db: Db, { workspace, connectionId }: Reader): Promise<void> {
  await db.$executeRaw`
    update connection set backfill_done_at = now(),
      state = case when state = 'backfilling' then 'live' else state end
    where workspace = ${workspace} and id = ${connectionId}`;
}
