import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { instantOf, versionOf } from "./row-store";
import { BAND_STATES, type BandSegment, type MarkItem, type ThreadItem } from "./schema";
import { partsOf, rowsOf, type SessionKey, threadCondition } from "./store";

const at = (column: string) => instantOf(Prisma.raw(column));
type Range = { from?: string | undefined; to?: string | undefined };

/** The session's states one after the other; of a window, those that reach into it. */
export async function readBand(
  key: SessionKey,
  { from, to }: Range,
  db: Db,
): Promise<BandSegment[]> {
  const rows = await db.$queryRaw<BandSegment[]>`
    select name as state, ${at("started_at")} as from, ${at("ended_at")} as to from span
    where ${rowsOf(key)} and kind = 'state' and name = any(${[...BAND_STATES]}::text[])
      and started_at is not null and ${to ? Prisma.sql`at < ${to}::timestamptz` : Prisma.sql`true`}
      and (ended_at is null or ${from ? Prisma.sql`ended_at > ${from}::timestamptz` : Prisma.sql`true`})
    order by span.at, id`;
  return rows;
}

/** Marks of one page of spans: after the page before it, up to its own last span. */
export async function readMarks(
  key: SessionKey,
  part: Range & { after: string | null; until: string | null; thread: string | undefined },
  db: Db,
): Promise<MarkItem[]> {
  const bounds = [threadCondition(part.thread)];
  if (part.from) bounds.push(Prisma.sql`at >= ${part.from}::timestamptz`);
  if (part.to) bounds.push(Prisma.sql`at < ${part.to}::timestamptz`);
  if (part.after) bounds.push(Prisma.sql`at > ${part.after}::timestamptz`);
  if (part.until) bounds.push(Prisma.sql`at <= ${part.until}::timestamptz`);
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_object('event_id', coalesce(start_event_id, id),
      'thread_id', nullif(thread_id, ''), 'type', coalesce(attributes ->> 'type', name),
      'at', ${at("at")}, 'label', coalesce(attributes ->> 'label', name)) order by span.at, id)::text as rows
    from span where ${rowsOf(key)} and kind = 'mark' and at is not null
      and ${Prisma.join(bounds, " and ")}`;
  return JSON.parse(row?.rows ?? "[]");
}

/** Every thread known of, the primary one first, with its own requests and tokens. */
export async function readThreads(key: SessionKey, db: Db): Promise<ThreadItem[]> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    with used as (
      select thread_id, count(*) as requests, coalesce(sum(input_tokens), 0) as input,
        coalesce(sum(cache_write_tokens), 0) as writes, coalesce(sum(cache_read_tokens), 0) as reads,
        coalesce(sum(output_tokens), 0) as output
      from span where ${rowsOf(key)} and kind = 'model_request' group by thread_id),
    named as (
      select thread_id, parent_thread_id, agent_id, agent_name, agent_version, model, workflow_run_id,
        status, created_at, archived_at
      from thread where ${partsOf(key)} and thread_id <> ''
      union all
      select '', null, agent_id, agent_name, agent_version, model, null, status, started_at, archived_at
      from session where ${partsOf(key)})
    select json_agg(json_build_object('id', nullif(t.thread_id, ''),
      'parent_thread_id', t.parent_thread_id,
      'agent', json_build_object('id', t.agent_id, 'name', t.agent_name, 'version', t.agent_version),
      'model', t.model, 'workflow_run_id', t.workflow_run_id, 'status', t.status,
      'created_at', ${at("t.created_at")}, 'archived_at', ${at("t.archived_at")},
      'model_requests', coalesce(u.requests, 0),
      'usage', json_build_object('input_tokens', coalesce(u.input, 0),
        'cache_write_tokens', coalesce(u.writes, 0), 'cache_read_tokens', coalesce(u.reads, 0),
        'output_tokens', coalesce(u.output, 0)),
      'has_events', exists (select 1 from event e where ${rowsOf(key)} and e.thread_id = t.thread_id))
      order by t.thread_id <> '', t.created_at nulls last, t.thread_id)::text as rows
    from named t left join used u using (thread_id)`;
  const threads = JSON.parse(row?.rows ?? "[]") as (ThreadItem & {
    agent: { version: string | null };
  })[];
  return threads.map((thread) => ({
    ...thread,
    agent: { ...thread.agent, version: versionOf(thread.agent.version) },
  }));
}
