import { type Db, prisma } from "@/lib/db/client";
import { GRACE_MS } from "./announced";

/** What is known of a connection at this moment beside its own row. */
export type Standing = {
  id: string;
  readsLastMinute: number;
  /** Nobody reads before then; null when reading is free. */
  blockedUntil: Date | null;
  /** Sessions that are due and that nobody is at. */
  waiting: number;
  /** Sessions that were seen there, those deleted since included. */
  sessions: number;
  /** Sessions that came to rest since the last webhook, long enough ago for one to have come. */
  restedSince: number;
  /** When the oldest agent or environment was made, as they say it. */
  oldest: string | null;
};

/** More says nothing more. */
const MOST_RESTED = 100;

export async function readStandings(
  ids: readonly string[],
  db: Db = prisma,
): Promise<Map<string, Standing>> {
  const grace = `${GRACE_MS} milliseconds`;
  const rows = await db.$queryRaw<Standing[]>`
    select c.id,
      (select coalesce(sum(r.reads), 0)::int from read_count r
        where r.workspace = c.workspace and r.connection_id = c.id
          and r.at > now() - interval '60 seconds') as "readsLastMinute",
      (select b.blocked_until from read_budget b
        where b.workspace = c.workspace and b.connection_id = c.id
          and b.blocked_until > now()) as "blockedUntil",
      (select count(*)::int from sync_session y
        where y.workspace = c.workspace and y.connection_id = c.id and y.due_at <= now()
          and y.gone_at is null and coalesce(y.claimed_until, '-infinity') < now()) as waiting,
      (select count(*)::int from sync_session y
        where y.workspace = c.workspace and y.connection_id = c.id) as sessions,
      (select count(*)::int from (select 1 from session s
        where s.workspace = c.workspace and s.connection_id = c.id
          and s.settled_at > greatest(c.last_webhook_at, c.webhooks_since)
          and s.settled_at > now() - interval '7 days'
          and s.settled_at < now() - ${grace}::interval
        limit ${MOST_RESTED}) rested) as "restedSince",
      least(
        (select min(a.object ->> 'created_at') from agent a
          where a.workspace = c.workspace and a.connection_id = c.id),
        (select min(e.object ->> 'created_at') from environment e
          where e.workspace = c.workspace and e.connection_id = c.id)) as oldest
    from connection c where c.id = any(${[...ids]}::text[])`;
  return new Map(rows.map((row) => [row.id, row]));
}
