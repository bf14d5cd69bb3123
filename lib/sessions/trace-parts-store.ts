import type { TokenCounts } from "@/lib/costs/schema";
import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { instantFromJson } from "./instant";
import { instantOf, utcOf, versionOf } from "./row-store";
import { BAND_STATES, type BandSegment, type MarkItem, type ThreadItem } from "./schema";
import { alongOrder, partsOf, rowsOf, type SessionKey, threadCondition } from "./store";
import { type Interval, splitWaiting } from "./waiting";

const at = (column: string) => instantOf(Prisma.raw(column));
type Range = { from?: string | undefined; to?: string | undefined };

/** The session's states one after the other; of a window, those that reach into it. */
export async function readBand(
  key: SessionKey,
  { from, to }: Range,
  db: Db,
): Promise<BandSegment[]> {
  const states = Prisma.sql`${ofCourse(key, "state")} and started_at is not null
    and name = any(${[...BAND_STATES]}::text[])`;
  const segment = Prisma.sql`id, span.at, name, started_at, ended_at`;
  const bounds = [Prisma.sql`true`];
  if (from) bounds.push(Prisma.sql`span.at > ${from}::timestamptz`);
  if (to) bounds.push(Prisma.sql`span.at < ${to}::timestamptz`);
  // States follow each other without a gap: one at most began before the window and reaches into it.
  const reachingIn = Prisma.sql`(select ${segment} from span
    where ${states} and span.at <= ${from}::timestamptz order by span.at desc, id desc limit 1)`;
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(b.name, ${utcOf("b.started_at")}, ${utcOf("b.ended_at")})
      order by b.at, b.id)::text as rows
    from (${from ? Prisma.sql`${reachingIn} union all` : Prisma.empty}
      select ${segment} from span where ${states} and ${Prisma.join(bounds, " and ")}) b`;
  const found = (JSON.parse(row?.rows ?? "[]") as SegmentJson[]).map(([state, began, ended]) => ({
    ...{ state, from: instantFromJson(began), to: ended && instantFromJson(ended) },
  }));
  const band = splitWaiting(found, await readWaited(key, { from: found[0]?.from, to }, db));
  return from ? band.filter((part) => part.to === null || part.to > from) : band;
}

type SegmentJson = [state: BandSegment["state"], from: string, to: string | null];

/**
 * States and waits are of the whole session and of no thread. Said, so that the planner takes the
 * index of the course, where they are by themselves: it is wrong about how much a range of the order holds.
 */
function ofCourse(key: SessionKey, kind: "state" | "wait"): Prisma.Sql {
  return Prisma.sql`${alongOrder(key)} and ${Prisma.raw(`kind = '${kind}'`)} and thread_id = ''`;
}

/** When somebody was waited for, in waits that began in the range. */
async function readWaited(key: SessionKey, { from, to }: Range, db: Db): Promise<Interval[]> {
  if (from === undefined) return [];
  const [row] = await db.$queryRaw<{ waited: string | null }[]>`
    select json_agg(i.value order by i.value -> 0)::text as waited
    from span, jsonb_array_elements(attributes -> '_waited') i
    where ${ofCourse(key, "wait")} and span.at >= ${from}::timestamptz
      and span.at < ${to ?? "infinity"}::timestamptz`;
  return JSON.parse(row?.waited ?? "[]");
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
    from span where ${alongOrder(key)} and kind = 'mark' and at is not null
      and ${Prisma.join(bounds, " and ")}`;
  return JSON.parse(row?.rows ?? "[]");
}

/** Every thread known of, the primary one first, with its own requests and tokens. */
export async function readThreads(key: SessionKey, db: Db): Promise<ThreadItem[]> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    -- With the sums that ingest keeps of each thread, so that no span has to be counted here.
    with own as materialized (
      select thread_id, parent_thread_id, agent_id, agent_name, agent_version, model, workflow_run_id,
        status, created_at, archived_at, fold -> 'thread' as sums
      from thread where ${partsOf(key)}),
    named as (
      select * from own where thread_id <> ''
      union all
      select '', null, agent_id, agent_name, agent_version, model, null, status, started_at, archived_at,
        (select sums from own where thread_id = '')
      from session where ${partsOf(key)})
    select json_agg(json_build_object('id', nullif(t.thread_id, ''),
      'parent_thread_id', nullif(t.parent_thread_id, (
        select fold #>> '{facts,primaryThreadId}' from session_state where ${partsOf(key)})),
      'agent', json_build_object('id', t.agent_id, 'name', t.agent_name, 'version', t.agent_version),
      'model', t.model, 'workflow_run_id', t.workflow_run_id, 'status', t.status,
      'created_at', ${at("t.created_at")}, 'archived_at', ${at("t.archived_at")},
      'model_requests', coalesce((t.sums ->> 'requests')::int, 0), 'kept', t.sums -> 'usage',
      'has_events', exists (select 1 from event e where ${rowsOf(key)} and e.thread_id = t.thread_id))
      order by t.thread_id <> '', t.created_at nulls last, t.thread_id)::text as rows
    from named t`;
  const threads = JSON.parse(row?.rows ?? "[]") as ThreadRow[];
  return threads.map(({ kept, agent, ...thread }) => ({
    ...thread,
    agent: { ...agent, version: versionOf(agent.version) },
    usage: usageOf(kept ?? {}),
  }));
}

type ThreadRow = Omit<ThreadItem, "usage" | "agent"> & {
  agent: { id: string | null; name: string | null; version: string | null };
  kept: Record<string, TokenCounts> | null;
};

/** Kept by what decides the price; a grader's tokens are no request's. */
function usageOf(kept: Record<string, TokenCounts>): ThreadItem["usage"] {
  const own = Object.entries(kept).flatMap(([key, tokens]) =>
    key.startsWith("grader:") ? [] : [tokens],
  );
  const sum = (name: keyof TokenCounts) => own.reduce((total, tokens) => total + tokens[name], 0);
  return {
    input_tokens: sum("input"),
    cache_write_tokens: sum("cacheWrite"),
    cache_read_tokens: sum("cacheRead"),
    output_tokens: sum("output"),
  };
}
