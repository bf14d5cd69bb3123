import type { Db } from "@/lib/db/client";
import { sessionItemOf, sessionJson } from "@/lib/sessions/row-store";
import type { SessionItem } from "@/lib/sessions/schema";
import type { Overview } from "./schema";

const RUNNING_SHOWN = 10;

/** When the first session started, in ms; 0 where none says; null without any session. */
export async function readFirst(workspace: string, db: Db): Promise<number | null> {
  const [row] = await db.$queryRaw<{ any: boolean; first: Date | null }[]>`
    select exists (select 1 from session where workspace = ${workspace}) as any,
      (select started_at from session where workspace = ${workspace} and started_at is not null
        order by started_at limit 1) as first`;
  return row?.any ? (row.first?.getTime() ?? 0) : null;
}

export async function readRunning(
  workspace: string,
  now: Date,
  db: Db,
): Promise<Pick<Overview, "running" | "running_total" | "waiting_total">> {
  const [row] = await db.$queryRaw<{ items: string | null; running: number; waiting: number }[]>`
    with running as materialized (select session_id, connection_id, last_event_at from session
      where workspace = ${workspace} and array[outcome] && array['running'])
    select (select count(*)::int from running) as running,
      (select count(*)::int from session where workspace = ${workspace}
        and array[outcome] && array['waiting']) as waiting,
      (select json_agg(${sessionJson(now)} order by s.last_event_at desc nulls last, s.session_id)
        from (select * from running order by last_event_at desc nulls last, session_id limit ${RUNNING_SHOWN}) r
        join session s on s.workspace = ${workspace} and s.session_id = r.session_id
          and s.connection_id = r.connection_id)::text as items`;
  const items = JSON.parse(row?.items ?? "[]") as Parameters<typeof sessionItemOf>[0][];
  return {
    running: items.map(sessionItemOf) as SessionItem[],
    running_total: row?.running ?? 0,
    waiting_total: row?.waiting ?? 0,
  };
}
