import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { DeploymentFacts } from "./facts";
import type { FleetRange } from "./schema";
import { iso, startedIn, USE, USE_JSON } from "./use-store";

const MOST = 5_000;

/** Every deployment that is not gone; archived ones only when they were used in the range. */
export async function readDeploymentFacts(
  db: Db,
  workspace: string,
  range: FleetRange,
): Promise<DeploymentFacts[]> {
  const started = Prisma.sql`(${range.from ?? null}::timestamptz is null or started_at >= ${range.from ?? null}::timestamptz)
    and (${range.to ?? null}::timestamptz is null or started_at < ${range.to ?? null}::timestamptz)`;
  const rows = await db.$queryRaw<Array<{ facts: string }>>`
    with u as (
      select s.connection_id, s.deployment_id, max(coalesce(s.last_event_at, s.started_at)) as last, ${USE}
      from session s where ${startedIn(workspace, range)} and s.deployment_id is not null group by 1, 2),
    runs as (
      select connection_id, deployment_id, count(*)::int as runs,
        count(*) filter (where error_type is not null)::int as failed
      from deployment_run where workspace = ${workspace} and ${started} group by 1, 2)
    select json_build_object('connectionId', d.connection_id, 'id', d.deployment_id, 'name', d.name,
      'status', d.status, 'pausedReason', d.paused_reason, 'schedule', d.schedule,
      'timezone', d.timezone, 'archivedAt', ${iso(Prisma.sql`d.archived_at`)},
      'upcoming', coalesce(d.object->'schedule'->'upcoming_runs_at', '[]'),
      'budgetCents', d.budget_cents, 'runs', coalesce(r.runs, 0), 'failedRuns', coalesce(r.failed, 0),
      'lastRun', last.run, 'agentId', d.agent_id, 'agentName', a.name,
      'agentVersion', d.agent_version, 'agentNewest', a.version,
      'agentArchived', coalesce(a.archived_at, a.gone_at) is not null,
      'environmentId', d.environment_id, 'environmentName', e.name,
      'environmentArchived', coalesce(e.archived_at, e.gone_at) is not null,
      'lost', array(select coalesce(x.name, x.resource_id) from resource x
        where x.workspace = ${workspace} and x.connection_id = d.connection_id
          and x.resource_id = any(d.vault_ids || d.memory_store_ids)
          and coalesce(x.archived_at, x.gone_at) is not null order by 1),
      ${USE_JSON}, 'lastUsedAt', ${iso(Prisma.sql`coalesce(u.last, last.at)`)})::text as facts
    from deployment d
    left join u using (connection_id, deployment_id)
    left join runs r using (connection_id, deployment_id)
    left join agent a on a.workspace = ${workspace} and a.connection_id = d.connection_id
      and a.agent_id = d.agent_id
    left join environment e on e.workspace = ${workspace} and e.connection_id = d.connection_id
      and e.environment_id = d.environment_id
    left join lateral (
      select n.started_at as at, json_build_object('id', n.run_id, 'at', ${iso(Prisma.sql`n.started_at`)},
        'trigger', n.trigger, 'sessionId', n.session_id, 'errorType', n.error_type,
        'errorMessage', n.error_message) as run
      from deployment_run n where n.workspace = ${workspace} and n.connection_id = d.connection_id
        and n.deployment_id = d.deployment_id
      order by n.started_at desc nulls last, n.run_id limit 1) last on true
    where d.workspace = ${workspace} and d.gone_at is null
      and (d.archived_at is null or u.sessions > 0 or r.runs > 0)
    order by last.at desc nulls last, d.deployment_id limit ${MOST}`;
  return rows.map(({ facts }) => JSON.parse(facts) as DeploymentFacts);
}
