import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { observed } from "./histogram";

/** What came in at once: how many new events, how many items that could not be taken, and how old the events were. */
export type Arrival = {
  workspace: string;
  connectionId: string;
  source: string;
  at: Date;
  events: number;
  rejected: number;
  lagsMs: readonly number[];
};

/** Puts an arrival on the list for the rollups: one row, which makes nobody wait. */
export async function writeArrival(db: Db, arrival: Arrival): Promise<void> {
  const { workspace, connectionId, source, at, events, rejected, lagsMs } = arrival;
  if (events === 0 && rejected === 0) return;
  const ms = lagsMs.reduce((sum, lag) => sum + lag, 0);
  const observations = lagsMs.map((lag) => observed(lag, 1));
  await db.$executeRaw`
    insert into rollup_delta (workspace, minute, family, key, agent, agent_version, environment,
      deployment, source, count, failed, ms, observations)
    select ${workspace}, ${minuteOf(Prisma.sql`${at}::timestamptz`)}, 'arrival', ${connectionId},
      '', '', '', '', ${source}, ${events}, ${rejected}, ${ms}, ${observations}::smallint[]`;
}

/** The same of rules that were looked at together: how late each look was. */
export async function writeJudged(
  db: Db,
  { workspace, at, lagsMs }: { workspace: string; at: Date; lagsMs: readonly number[] },
): Promise<void> {
  const ms = lagsMs.reduce((sum, lag) => sum + lag, 0);
  const observations = lagsMs.map((lag) => observed(lag, 1));
  await db.$executeRaw`
    insert into rollup_delta (workspace, minute, family, key, agent, agent_version, environment,
      deployment, source, count, ms, observations)
    select ${workspace}, ${minuteOf(Prisma.sql`${at}::timestamptz`)}, 'judged', '', '', '', '', '', '',
      ${lagsMs.length}, ${ms}, ${observations}::smallint[]`;
}

/**
 * The same of reads of the provider, as part of a statement: `reads` is a query for `workspace`,
 * `connection_id`, `at` and how many were sent and refused.
 */
export const insertReads = (reads: Prisma.Sql): Prisma.Sql => Prisma.sql`
  insert into rollup_delta (workspace, minute, family, key, agent, agent_version, environment,
    deployment, source, count, failed)
  select workspace, ${minuteOf(Prisma.sql`at`)}, 'read', connection_id, '', '', '', '', '', sent, refused
  from (${reads}) as r(workspace, connection_id, at, sent, refused)`;

const minuteOf = (at: Prisma.Sql) => Prisma.sql`floor(extract(epoch from ${at}) / 60)::int`;

/** Remembers up to when everything of a connection is here, once a minute at most. */
export async function markSynced(
  db: Db,
  { workspace, connectionId }: { workspace: string; connectionId: string },
  at: Date,
  until: Date,
): Promise<void> {
  await db.$executeRaw`
    insert into sync_minute as m (workspace, connection_id, minute, until)
    values (${workspace}, ${connectionId}, ${minuteOf(Prisma.sql`${at}::timestamptz`)}, ${until})
    on conflict (workspace, connection_id, minute) do update
      set until = greatest(m.until, excluded.until)`;
}

/** Forgets minutes before this one. */
export async function deleteSyncMinutes(db: Db, firstMinute: number): Promise<void> {
  await db.$executeRaw`delete from sync_minute where minute < ${firstMinute}`;
}
