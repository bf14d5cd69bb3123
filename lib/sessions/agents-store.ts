import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { Span } from "@/lib/time/range";
import type { Overview } from "./overview-schema";

const SHOWN = 10;
/** Turns are looked at in so many of an agent's newest sessions of the range. */
const SESSIONS_LOOKED_AT = 200;

/** The agents with most sessions started in the range, and how many agents there are in all. */
export async function readTopAgents(
  workspace: string,
  span: Span,
  db: Db,
): Promise<Pick<Overview, "agents" | "agents_total">> {
  const from = Prisma.sql`${new Date(span.fromMs)}::timestamptz`;
  const to = Prisma.sql`${new Date(span.toMs)}::timestamptz`;
  const [row] = await db.$queryRaw<{ agents: string | null; total: number }[]>`
    with started as (
      select agent_id, max(agent_name) as agent_name, count(*) as sessions,
        sum(computed_nanos) as cost
      from session where workspace = ${workspace} and started_at >= ${from} and started_at < ${to}
      group by agent_id),
    top as (select * from started order by sessions desc, agent_id limit ${SHOWN}),
    settled as (
      select agent_id, count(*) filter (where failed) as failed,
        count(*) filter (where failed or outcome = 'completed') as settled
      from session where workspace = ${workspace} and settled_at >= ${from} and settled_at < ${to}
      group by agent_id)
    select (select count(*)::int from started) as total,
      json_agg(json_build_object('agent', json_build_object('id', top.agent_id, 'name', top.agent_name),
        'sessions', top.sessions, 'failed', coalesce(settled.failed, 0),
        'settled', coalesce(settled.settled, 0), 'cost_nanos', top.cost, 'p95_turn_ms', turns.p95)
        order by top.sessions desc, top.agent_id)::text as agents
    from top left join settled on settled.agent_id is not distinct from top.agent_id
    cross join lateral (
      select round(percentile_cont(0.95) within group (order by
        extract(epoch from t.ended_at - t.started_at) * 1000)) as p95
      from (select session_id, connection_id, day from session
        where workspace = ${workspace} and agent_id = top.agent_id
          and started_at >= ${from} and started_at < ${to}
        order by started_at desc limit ${SESSIONS_LOOKED_AT}) s
      join span t on t.workspace = ${workspace} and t.session_id = s.session_id
        and t.connection_id = s.connection_id and t.day = s.day
        and t.kind = 'turn' and t.thread_id = '' and t.ended_at is not null) turns`;
  return { agents: JSON.parse(row?.agents ?? "[]"), agents_total: row?.total ?? 0 };
}
