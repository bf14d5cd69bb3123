import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { ResourceFacts } from "./facts";
import type { FleetRange } from "./schema";
import { iso, startedIn, USE, USE_JSON } from "./use-store";

const MOST = 5_000;
const AGENTS_SHOWN = 5;

/** A session `s` once for each vault and memory store it may use; the index `session_with_resources` knows them. */
const NAMED = Prisma.sql`cross join lateral (
    select 'vault' as kind, unnest(s.vault_ids) as id
    union all select 'memory_store', unnest(s.memory_store_ids)) n`;
const HAS_SOME = Prisma.sql`cardinality(s.vault_ids) + cardinality(s.memory_store_ids) > 0`;

/** Every vault and memory store that a list or a session names; archived ones only while they are in use. */
export async function readResourceFacts(
  db: Db,
  workspace: string,
  range: FleetRange,
): Promise<ResourceFacts[]> {
  const rows = await db.$queryRaw<Array<{ facts: string }>>`
    with ever as (
      select s.connection_id, n.kind, n.id, max(coalesce(s.last_event_at, s.started_at)) as last
      from session s ${NAMED} where s.workspace = ${workspace} and ${HAS_SOME} group by 1, 2, 3),
    u as (
      select s.connection_id, n.kind, n.id, ${USE}
      from session s ${NAMED} where ${startedIn(workspace, range)} and ${HAS_SOME} group by 1, 2, 3),
    users as (
      select connection_id, kind, id, count(*)::int as agents,
        (array_agg(json_build_object('id', agent_id, 'name', name)
          order by sessions desc, agent_id))[1:${AGENTS_SHOWN}] as shown
      from (select s.connection_id, n.kind, n.id, s.agent_id, max(s.agent_name) as name,
          count(*) as sessions
        from session s ${NAMED} where ${startedIn(workspace, range)} and ${HAS_SOME}
          and s.agent_id is not null group by 1, 2, 3, 4) one group by 1, 2, 3),
    held as (
      select connection_id, kind, resource_id as id, name, created_at, archived_at, gone_at
      from resource where workspace = ${workspace}),
    named as (
      select connection_id, id, count(*)::int as deployments
      from deployment d cross join lateral unnest(d.vault_ids || d.memory_store_ids) as id
      where d.workspace = ${workspace} and d.archived_at is null and d.gone_at is null group by 1, 2)
    select json_build_object('connectionId', connection_id, 'kind', kind, 'id', id, 'name', r.name,
      'listed', r.created_at is not null, 'createdAt', ${iso(Prisma.sql`r.created_at`)},
      'archivedAt', ${iso(Prisma.sql`coalesce(r.archived_at, r.gone_at)`)},
      'agents', coalesce(to_json(users.shown), '[]'), 'agentsTotal', coalesce(users.agents, 0),
      'deployments', coalesce(named.deployments, 0), ${USE_JSON},
      'lastUsedAt', ${iso(Prisma.sql`ever.last`)})::text as facts
    from held r full join ever using (connection_id, kind, id)
    left join u using (connection_id, kind, id)
    left join users using (connection_id, kind, id)
    left join named using (connection_id, id)
    where (r.archived_at is null and r.gone_at is null) or u.sessions > 0 or named.deployments > 0
    order by ever.last desc nulls last limit ${MOST}`;
  return rows.map(({ facts }) => JSON.parse(facts) as ResourceFacts);
}
