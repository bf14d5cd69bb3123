import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { Span } from "@/lib/time/range";
import { type AttentionItem, SILENT_MINUTES } from "./overview-schema";
import { instantOf, versionOf } from "./row-store";

/** A failing agent: at least so many failures, so large a share, and so many times the normal one. */
const FAILURES = 3;
const RATE = 0.1;
const TIMES_NORMAL = 2;
const MOST_FAILING = 5;
const NORMAL_DAYS = 30;

const at = (column: string) => instantOf(Prisma.raw(column));
const AGENT = Prisma.sql`json_build_object('id', agent_id, 'name', agent_name, 'version', agent_version)`;

/** What needs somebody: agents that fail more than they did, waits, silent runs, items not taken. */
export async function readAttention(
  workspace: string,
  span: Span,
  now: Date,
  db: Db,
): Promise<AttentionItem[]> {
  const parts = await Promise.all([
    readFailing(workspace, span, db),
    readWaiting(workspace, db),
    readSilent(workspace, now, db),
    readRejections(workspace, span, db),
  ]);
  return parts.flat();
}

type Agent = { id: string | null; name: string | null; version: string | null };
const agentOf = (agent: Agent) => ({ ...agent, version: versionOf(agent.version) });

async function readFailing(workspace: string, span: Span, db: Db): Promise<AttentionItem[]> {
  const from = Prisma.sql`${new Date(span.fromMs)}::timestamptz`;
  const to = Prisma.sql`${new Date(span.toMs)}::timestamptz`;
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    with now as (
      select agent_id, max(agent_name) as agent_name, agent_version,
        count(*) filter (where failed) as failed, count(*) as settled,
        coalesce(sum(computed_nanos) filter (where failed), 0) as cost
      from session where workspace = ${workspace} and settled_at >= ${from} and settled_at < ${to}
        and (failed or outcome = 'completed')
      group by agent_id, agent_version
      having count(*) filter (where failed) >= ${FAILURES}
        and count(*) filter (where failed) >= ${RATE}::float8 * count(*)),
    normal as (
      select agent_id, avg(failed::int)::float8 as rate from session
      where workspace = ${workspace} and settled_at < ${from}
        and settled_at >= ${from} - make_interval(days => ${NORMAL_DAYS}::int)
        and (failed or outcome = 'completed')
        and agent_id in (select agent_id from now)
      group by agent_id),
    compared as (select now.*, normal.rate from now left join normal using (agent_id))
    select json_agg(json_build_object('agent', ${AGENT}, 'failed', failed, 'settled', settled,
      'normal', rate, 'cost_nanos', cost) order by failed desc, agent_id, agent_version)::text as rows
    from (select * from compared
      where rate is null or failed >= ${TIMES_NORMAL}::float8 * rate * settled
      order by failed desc, agent_id, agent_version limit ${MOST_FAILING}) f`;
  type Failing = Omit<Extract<AttentionItem, { kind: "failing" }>, "kind" | "from" | "to">;
  const rows = JSON.parse(row?.rows ?? "[]") as (Failing & { agent: Agent })[];
  return rows.map((failing) => ({
    ...failing,
    kind: "failing",
    agent: agentOf(failing.agent),
    from: new Date(span.fromMs).toISOString(),
    to: new Date(span.toMs).toISOString(),
  }));
}

type Oldest = {
  session_id: string;
  connection_id: string | null;
  agent: Agent;
  total: number;
  since: string | null;
  tool: string | null;
};

async function readWaiting(workspace: string, db: Db): Promise<AttentionItem[]> {
  const [row] = await db.$queryRaw<Oldest[]>`
    select session_id, nullif(connection_id, '') as connection_id, ${AGENT} as agent,
      (count(*) over ())::int as total, outcome_detail ->> 'since' as since,
      outcome_detail #>> '{waiting_for,0,name}' as tool
    from session where workspace = ${workspace} and array[outcome] && array['waiting']
      and outcome_detail ->> 'since' is not null
    order by (outcome_detail ->> 'since')::timestamptz, session_id limit 1`;
  if (!row?.since) return [];
  const { total: sessions, session_id, connection_id, since, tool } = row;
  const oldest = { session_id, connection_id, since, tool, agent: agentOf(row.agent) };
  return [{ kind: "waiting", sessions, oldest }];
}

async function readSilent(workspace: string, now: Date, db: Db): Promise<AttentionItem[]> {
  const before = new Date(now.getTime() - SILENT_MINUTES * 60_000);
  const [row] = await db.$queryRaw<(Oldest & { last_event_at: string })[]>`
    select session_id, nullif(connection_id, '') as connection_id, ${AGENT} as agent,
      (count(*) over ())::int as total, ${at("s.last_event_at")} as last_event_at
    from session s where workspace = ${workspace} and array[outcome] && array['running']
      and s.last_event_at <= ${before}
    order by s.last_event_at, session_id limit 1`;
  if (!row) return [];
  const { total: sessions, session_id, connection_id, last_event_at } = row;
  const oldest = { session_id, connection_id, last_event_at, agent: agentOf(row.agent) };
  return [{ kind: "silent", sessions, oldest }];
}

async function readRejections(workspace: string, span: Span, db: Db): Promise<AttentionItem[]> {
  const [row] = await db.$queryRaw<{ items: number; last_at: string; message: string }[]>`
    select (count(*) over ())::int as items, ${at("r.received_at")} as last_at, message
    from rejected_item r where workspace = ${workspace}
      and r.received_at >= ${new Date(span.fromMs)} and r.received_at < ${new Date(span.toMs)}
    order by r.received_at desc, id desc limit 1`;
  return row ? [{ kind: "rejected", ...row }] : [];
}
