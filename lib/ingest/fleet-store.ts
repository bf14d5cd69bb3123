import type { Db } from "@/lib/db/client";
import { largeText } from "@/lib/db/large-text";
import { rowText } from "./canonical";
import { deploymentColumns, releaseColumns, resourceColumns, runColumns } from "./fleet-columns";
import type { ObjectRecord, Origin } from "./schema";

// Of every object the newest by its own time stands, ties go to what stands later in a fixed order.

/** Every published version of an agent, also those that are not the newest. */
export async function writeReleases(
  db: Db,
  { workspace, connectionId }: Origin,
  agents: readonly ObjectRecord[],
): Promise<number> {
  if (agents.length === 0) return 0;
  const rows = JSON.stringify(agents.map(releaseColumns));
  return db.$executeRaw`
    insert into agent_release as t (workspace, connection_id, agent_id, version, name, model, tools,
      system_hash, system_chars, created_at, updated_at, hash)
    select ${workspace}, ${connectionId}, r.*
    from json_to_recordset(${largeText(rows)}::json) as r(agent_id text, version text, name text,
      model text, tools text[], system_hash uuid, system_chars int, created_at timestamptz,
      updated_at timestamptz, hash uuid)
    order by r.agent_id, r.version
    on conflict (workspace, connection_id, agent_id, version) do update set name = excluded.name,
      model = excluded.model, tools = excluded.tools, system_hash = excluded.system_hash,
      system_chars = excluded.system_chars, created_at = excluded.created_at,
      updated_at = excluded.updated_at, hash = excluded.hash
    where (excluded.updated_at, excluded.hash) > (t.updated_at, t.hash)`;
}

/** Where its schedule stands moves on without a new `updated_at`. */
export async function writeDeployments(
  db: Db,
  { workspace, connectionId }: Origin,
  deployments: readonly ObjectRecord[],
): Promise<number> {
  if (deployments.length === 0) return 0;
  const rows = deployments.map((one) => rowText(deploymentColumns(one), { object: one.payload }));
  return db.$executeRaw`
    insert into deployment as t (workspace, connection_id, deployment_id, name, agent_id,
      agent_version, environment_id, status, paused_reason, schedule, timezone, last_run_at,
      vault_ids, memory_store_ids, budget_cents, updated_at, archived_at, object)
    select ${workspace}, ${connectionId}, r.deployment_id, r.name, r.agent_id, r.agent_version,
      r.environment_id, r.status, r.paused_reason, r.schedule, r.timezone, r.last_run_at,
      r.vault_ids, r.memory_store_ids, r.budget_cents, r.updated_at, r.archived_at, r.object::json
    from json_to_recordset(${largeText(`[${rows.join(",")}]`)}::json) as r(deployment_id text,
      name text, agent_id text, agent_version text, environment_id text, status text,
      paused_reason text, schedule text, timezone text, last_run_at timestamptz, vault_ids text[],
      memory_store_ids text[], budget_cents bigint, updated_at timestamptz,
      archived_at timestamptz, object text)
    order by r.deployment_id
    on conflict (workspace, connection_id, deployment_id) do update set name = excluded.name,
      agent_id = excluded.agent_id, agent_version = excluded.agent_version,
      environment_id = excluded.environment_id, status = excluded.status,
      paused_reason = excluded.paused_reason, schedule = excluded.schedule,
      timezone = excluded.timezone, last_run_at = excluded.last_run_at,
      vault_ids = excluded.vault_ids, memory_store_ids = excluded.memory_store_ids,
      budget_cents = excluded.budget_cents, updated_at = excluded.updated_at,
      archived_at = excluded.archived_at, object = excluded.object
    where (excluded.updated_at, coalesce(excluded.last_run_at, '-infinity'), excluded.object::text)
      > (t.updated_at, coalesce(t.last_run_at, '-infinity'), t.object::text)`;
}

export async function writeRuns(
  db: Db,
  { workspace, connectionId }: Origin,
  runs: readonly ObjectRecord[],
): Promise<number> {
  if (runs.length === 0) return 0;
  const rows = runs.map((run) => rowText(runColumns(run), { object: run.payload }));
  return db.$executeRaw`
    insert into deployment_run as t (workspace, connection_id, run_id, deployment_id, agent_id,
      agent_version, trigger, scheduled_at, started_at, session_id, error_type, error_message,
      updated_at, object)
    select ${workspace}, ${connectionId}, r.run_id, r.deployment_id, r.agent_id, r.agent_version,
      r.trigger, r.scheduled_at, r.started_at, r.session_id, r.error_type, r.error_message,
      r.updated_at, r.object::json
    from json_to_recordset(${largeText(`[${rows.join(",")}]`)}::json) as r(run_id text,
      deployment_id text, agent_id text, agent_version text, trigger text,
      scheduled_at timestamptz, started_at timestamptz, session_id text, error_type text,
      error_message text, updated_at timestamptz, object text)
    order by r.run_id
    on conflict (workspace, connection_id, run_id) do update set
      deployment_id = excluded.deployment_id, agent_id = excluded.agent_id,
      agent_version = excluded.agent_version, trigger = excluded.trigger,
      scheduled_at = excluded.scheduled_at, started_at = excluded.started_at,
      session_id = excluded.session_id, error_type = excluded.error_type,
      error_message = excluded.error_message, updated_at = excluded.updated_at,
      object = excluded.object
    where (excluded.updated_at, excluded.object::text) > (t.updated_at, t.object::text)`;
}

/** Vaults and memory stores. */
export async function writeResources(
  db: Db,
  { workspace, connectionId }: Origin,
  resources: readonly ObjectRecord[],
): Promise<number> {
  if (resources.length === 0) return 0;
  const rows = JSON.stringify(resources.map(resourceColumns));
  return db.$executeRaw`
    insert into resource as t (workspace, connection_id, kind, resource_id, name, created_at,
      updated_at, archived_at, hash)
    select ${workspace}, ${connectionId}, r.*
    from json_to_recordset(${largeText(rows)}::json) as r(kind text, resource_id text, name text,
      created_at timestamptz, updated_at timestamptz, archived_at timestamptz, hash uuid)
    order by r.kind, r.resource_id
    on conflict (workspace, connection_id, kind, resource_id) do update set name = excluded.name,
      created_at = excluded.created_at, updated_at = excluded.updated_at,
      archived_at = excluded.archived_at, hash = excluded.hash
    where (excluded.updated_at, excluded.hash) > (t.updated_at, t.hash)`;
}
