import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { EnvironmentFacts } from "./facts";
import type { FleetRange } from "./schema";
import { iso, startedIn, USE, USE_JSON } from "./use-store";

const MOST = 2_000;

/** Every environment that is neither gone nor archived, and those that sessions of the range ran in. */
export async function readEnvironmentFacts(
  db: Db,
  workspace: string,
  range: FleetRange,
): Promise<EnvironmentFacts[]> {
  const rows = await db.$queryRaw<Array<{ facts: string }>>`
    with u as (
      select s.connection_id, s.environment_id, max(coalesce(s.last_event_at, s.started_at)) as last,
        count(distinct s.agent_id)::int as agents, ${USE}
      from session s where ${startedIn(workspace, range)} and s.environment_id is not null group by 1, 2),
    held as (select * from environment where workspace = ${workspace})
    select json_build_object('connectionId', coalesce(e.connection_id, u.connection_id),
      'id', coalesce(e.environment_id, u.environment_id), 'name', e.name,
      'config', e.object->'config', 'createdAt', e.object->>'created_at',
      'archivedAt', ${iso(Prisma.sql`coalesce(e.archived_at, e.gone_at)`)},
      'agents', coalesce(u.agents, 0),
      'deployments', (select count(*)::int from deployment d where d.workspace = ${workspace}
        and d.connection_id = e.connection_id and d.environment_id = e.environment_id
        and d.archived_at is null and d.gone_at is null),
      'queue', case when q.read_at is null then null else json_build_object('depth', q.depth,
        'pending', q.pending, 'oldestQueuedAt', ${iso(Prisma.sql`q.oldest_queued_at`)},
        'workersPolling', q.workers_polling, 'readAt', ${iso(Prisma.sql`q.read_at`)}) end,
      ${USE_JSON}, 'lastUsedAt', ${iso(Prisma.sql`coalesce(u.last, (
        select s.last_event_at from session s where s.workspace = ${workspace}
          and array[s.environment_id] && array[e.environment_id] and s.connection_id = e.connection_id
        order by s.last_event_at desc nulls last limit 1))`)})::text as facts
    from held e full join u using (connection_id, environment_id)
    left join work_queue q on q.workspace = ${workspace} and q.connection_id = e.connection_id
      and q.environment_id = e.environment_id
    where (e.archived_at is null and e.gone_at is null) or u.sessions > 0
    order by u.last desc nulls last limit ${MOST}`;
  return rows.map(({ facts }) => JSON.parse(facts) as EnvironmentFacts);
}
