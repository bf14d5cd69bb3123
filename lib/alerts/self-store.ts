import type { Db } from "@/lib/db/client";

/** Since when something is late; null while it is not. */
export type Late = { of: string; since: Date | null };

/** A source that is silent for longer is given up. */
const SOURCE_DAYS = 8;
const MINUTES_A_DAY = 1_440;

/** When each source last sent something. What is imported, and the demo, is not awaited. */
export function readSilences(workspace: string, at: Date, db: Db): Promise<Late[]> {
  const minute = Math.floor(at.getTime() / 60_000);
  const first = minute - SOURCE_DAYS * MINUTES_A_DAY;
  return db.$queryRaw<Late[]>`
    select source as of, to_timestamp((max(minute) + 1) * 60) as since from (
      select source, minute from rollup where workspace = ${workspace} and grain = 'minute'
        and family = 'arrival' and minute >= ${first} and minute < ${minute} and count > 0
      union all
      select source, minute from rollup_delta where workspace = ${workspace}
        and family = 'arrival' and minute >= ${first} and minute < ${minute} and count > 0) came
    where source not in ('import', 'demo', '') group by source order by source`;
}

/** Since when the rule that waits longest is due. */
export function readRulesLate(workspace: string, at: Date, db: Db): Promise<Late[]> {
  return db.$queryRaw<Late[]>`
    select '' as of, min(due_at) filter (where due_at < ${at}) as since from alert_rule
    where workspace = ${workspace} and not paused and deleted_at is null`;
}

/** Of each channel, how old the oldest message is that it has not delivered since it last did. */
export function readChannelsLate(workspace: string, at: Date, db: Db): Promise<Late[]> {
  return db.$queryRaw<Late[]>`
    select c.name as of, case when c.state <> 'ok' or c.failures > 0 then (
      select min(d.created_at) from delivery d
      where d.workspace = c.workspace and d.channel_id = c.id and d.reason <> 'test'
        and d.state in ('queued', 'leased', 'retrying', 'failed') and d.created_at <= ${at}
        and d.created_at > coalesce(c.last_sent_at, '-infinity')) end as since
    from channel c where c.workspace = ${workspace} order by c.name`;
}

/** Since when people whose role does not see content have it open. Who they are is for admins to read. */
export function readOpenGlasses(workspace: string, at: Date, db: Db): Promise<Late[]> {
  return db.$queryRaw<Late[]>`
    select id as of, opened_at as since from break_glass
    where workspace = ${workspace} and opened_at <= ${at} and until > ${at}
      and (closed_at is null or closed_at > ${at}) order by id`;
}

/** Up to when everything of a connection is here; of one that is read for the first time nothing is expected. */
export function readSyncsLate(workspace: string, at: Date, db: Db): Promise<Late[]> {
  return db.$queryRaw<Late[]>`
    select c.name as of, m.until as since from connection c
    cross join lateral (
      select until from sync_minute m where m.workspace = c.workspace and m.connection_id = c.id
        and m.minute < extract(epoch from ${at}::timestamptz) / 60
      order by m.minute desc limit 1) m
    where c.workspace = ${workspace} and c.state <> 'paused' order by c.name`;
}
