import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { AgentFacts } from "./facts";
import type { ModelLife } from "./retirement";
import type { AgentVersionItem, FleetRange } from "./schema";
import { iso, startedIn, USE, USE_JSON } from "./use-store";

/** More agents than this are no fleet to look through: the most recently used are read. */
const MOST = 20_000;

/** Versions are numbers; older ones were texts, which come before all numbers. */
const NUMBER = (version: string) =>
  Prisma.raw(`case when ${version} ~ '^[0-9]{1,18}$' then ${version}::bigint else -1 end`);

/**
 * Every agent that a list named or a session ran, those that are gone or archived only when a session
 * of the range ran them. The all-time figures come from the index `session_by_agent` alone; an
 * `offset 0` keeps the models from being worked out once for each of their uses.
 */
export async function readAgentFacts(
  db: Db,
  workspace: string,
  range: FleetRange,
): Promise<AgentFacts[]> {
  const rows = await db.$queryRaw<Array<{ facts: string }>>`
    with ever as (
      select connection_id, agent_id, coalesce(agent_version, '') as version, count(*)::int as ever,
        min(started_at) as first, max(coalesce(last_event_at, started_at)) as last
      from session where workspace = ${workspace} and agent_id is not null group by 1, 2, 3),
    ranged as (
      select s.connection_id, s.agent_id, coalesce(s.agent_version, '') as version,
        max(s.agent_name) as name, ${USE}
      from session s where ${startedIn(workspace, range)} and s.agent_id is not null group by 1, 2, 3),
    u as (
      select connection_id, agent_id, sum(ever)::int as ever, min(first) as first, max(last) as last,
        count(*)::int as versions, max(name) as name, sum(sessions)::int as sessions,
        sum(failed)::int as failed, sum(settled)::int as settled, sum(cost) as cost,
        sum(unpriced) as unpriced, array_agg(version) filter (where sessions > 0) as used,
        (array_agg(version order by ${NUMBER("version")} desc))[1] as newest_seen
      from ever left join ranged using (connection_id, agent_id, version) group by 1, 2),
    held as (select * from agent where workspace = ${workspace}),
    listed as (
      select connection_id, agent_id, count(*)::int as versions from agent_release
      where workspace = ${workspace} group by 1, 2)
    select json_build_object('connectionId', coalesce(a.connection_id, u.connection_id),
      'id', coalesce(a.agent_id, u.agent_id), 'name', coalesce(a.name, u.name), 'version', v.version, 'model', v.models[1],
      'createdAt', a.object->>'created_at', 'archivedAt', ${iso(Prisma.sql`coalesce(a.archived_at, a.gone_at)`)},
      'firstUsedAt', ${iso(Prisma.sql`u.first`)}, 'lastUsedAt', ${iso(Prisma.sql`u.last`)},
      'sessionsEver', coalesce(u.ever, 0), 'models', array_remove(v.models, null),
      'versionsTotal', greatest(u.versions, l.versions, 1), ${USE_JSON},
      'newestSessions', coalesce(top.sessions, 0),
      'lastHelpedAt', case when u.ever is null then ${iso(Prisma.sql`(select max(t.created_at)
        from thread t where t.workspace = ${workspace} and t.agent_id = a.agent_id
          and t.connection_id = a.connection_id and t.thread_id <> '')`)} end)::text as facts
    from held a full join u using (connection_id, agent_id)
    left join listed l using (connection_id, agent_id)
    cross join lateral (
      select newest.version, array(
        select coalesce(
          (select model from agent_release where workspace = ${workspace}
            and connection_id = coalesce(a.connection_id, u.connection_id)
            and agent_id = coalesce(a.agent_id, u.agent_id) and version = one),
          (select max(model) from agent_version where workspace = ${workspace}
            and connection_id = coalesce(a.connection_id, u.connection_id)
            and agent_id = coalesce(a.agent_id, u.agent_id) and version = one))
        from unnest(array[newest.version] || u.used) as one) as models
      from (select coalesce(a.version, u.newest_seen) as version) newest
      offset 0) v
    left join ranged top on top.connection_id = u.connection_id
      and top.agent_id = u.agent_id and top.version = v.version
    where (a.archived_at is null and a.gone_at is null) or u.sessions > 0
    order by u.last desc nulls last limit ${MOST}`;
  return rows.map(({ facts }) => JSON.parse(facts) as AgentFacts);
}

export type AgentKey = { connectionId: string; id: string };

/** So many versions of an agent are told, the newest. */
const SHOWN = 20;

/** The newest versions of these agents, by connection and id as JSON, each with its use. */
export async function readVersions(
  db: Db,
  workspace: string,
  range: FleetRange,
  agents: readonly AgentKey[],
): Promise<Map<string, AgentVersionItem[]>> {
  if (agents.length === 0) return new Map();
  const rows = await db.$queryRaw<Array<{ connection: string; agent: string; item: string }>>`
    with asked as (
      select * from json_to_recordset(${JSON.stringify(agents)}::json) as k("connectionId" text, id text)),
    ever as (
      select s.connection_id, s.agent_id, coalesce(s.agent_version, '') as version,
        max(coalesce(s.last_event_at, s.started_at)) as last
      from asked k join session s on s.workspace = ${workspace} and s.agent_id = k.id
        and s.connection_id = k."connectionId" group by 1, 2, 3),
    ranged as (
      select s.connection_id, s.agent_id, coalesce(s.agent_version, '') as version, max(s.model) as model, ${USE}
      from session s where ${startedIn(workspace, range)}
        and s.agent_id = any(${agents.map(({ id }) => id)}::text[]) group by 1, 2, 3),
    versions as (
      select connection_id, agent_id, version, r.model as release_model, r.tools, r.system_hash,
        r.system_chars, r.updated_at, ever.last,
        row_number() over (partition by connection_id, agent_id
          order by ${NUMBER("version")} desc, version desc) as place
      from (select r.* from agent_release r join asked k on r.workspace = ${workspace}
          and r.connection_id = k."connectionId" and r.agent_id = k.id) r
      full join ever using (connection_id, agent_id, version))
    select v.connection_id as connection, v.agent_id as agent, json_build_object(
      'version', v.version, 'model', coalesce(v.release_model, u.model, (
        select max(model) from agent_version o where o.workspace = ${workspace}
          and o.connection_id = v.connection_id and o.agent_id = v.agent_id and o.version = v.version)),
      'tools', coalesce(v.tools, '{}'), 'system_hash', v.system_hash, 'system_chars', v.system_chars,
      'published_at', ${iso(Prisma.sql`v.updated_at`)}, 'last_used_at', ${iso(Prisma.sql`v.last`)},
      'sessions', coalesce(u.sessions, 0), 'failed', coalesce(u.failed, 0),
      'settled', coalesce(u.settled, 0), 'cost_nanos', coalesce(u.cost, 0),
      'unpriced_tokens', coalesce(u.unpriced, 0))::text as item
    from versions v left join ranged u using (connection_id, agent_id, version)
    where v.place <= ${SHOWN} order by v.connection_id, v.agent_id, v.place`;
  const found = new Map<string, AgentVersionItem[]>();
  for (const { connection, agent, item } of rows) {
    const key = agentKey({ connectionId: connection, id: agent });
    found.set(key, [...(found.get(key) ?? []), JSON.parse(item) as AgentVersionItem]);
  }
  return found;
}

export const agentKey = ({ connectionId, id }: AgentKey) => JSON.stringify([connectionId, id]);

/** What each connection's platform said of its models, by connection. */
export async function readLives(db: Db, workspace: string): Promise<Map<string, ModelLife[]>> {
  const rows = await db.modelLife.findMany({ where: { workspace } });
  const lives = new Map<string, ModelLife[]>();
  for (const { connectionId, model, lifecycle, retiresAt } of rows) {
    const life = { model, lifecycle, retiresAt: retiresAt?.toISOString() ?? null };
    lives.set(connectionId, [...(lives.get(connectionId) ?? []), life]);
  }
  return lives;
}
