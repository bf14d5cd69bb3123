import type { Db } from "@/lib/db/client";
import { DemoState, NO_DEMO } from "./state";

const KEY = "demo";

export async function readDemoState(db: Db, workspace: string): Promise<DemoState> {
  const row = await db.setting.findUnique({ where: { workspace_key: { workspace, key: KEY } } });
  const parsed = DemoState.safeParse(row?.value);
  return parsed.success ? parsed.data : NO_DEMO;
}

export async function saveDemoState(db: Db, workspace: string, state: DemoState): Promise<void> {
  await db.setting.upsert({
    where: { workspace_key: { workspace, key: KEY } },
    create: { workspace, key: KEY, value: state },
    update: { value: state },
  });
}

export async function countDemoSessions(db: Db, workspace: string): Promise<number> {
  return db.session.count({ where: { workspace, source: "demo" } });
}

export type DemoNames = { agents: string[]; environments: string[]; resources: string[] };

const IS_DEMO = "(object->'metadata'->'demo')::text = '\"true\"'";

/** Removes what beside the sessions only the demo named, and what says of itself that it is the demo's. */
export async function deleteDemoObjects(
  db: Db,
  workspace: string,
  { agents, environments, resources }: DemoNames,
): Promise<void> {
  for (const table of ["agent", "agent_version", "agent_release"])
    await db.$executeRawUnsafe(
      `delete from "${table}" t where t.workspace = $1 and t.connection_id = ''
       and t.agent_id = any($2::text[])
       and not exists (select from session s where s.workspace = $1 and s.agent_id = t.agent_id)`,
      workspace,
      agents,
    );
  await db.$executeRaw`
    delete from environment t where t.workspace = ${workspace} and t.connection_id = ''
      and t.environment_id = any(${environments}::text[])
      and not exists (select from session s where s.workspace = ${workspace}
        and s.environment_id = t.environment_id)`;
  await db.$executeRawUnsafe(
    `with gone as (
       delete from deployment where workspace = $1 and connection_id = '' and ${IS_DEMO}
       returning deployment_id)
     delete from deployment_run where workspace = $1 and connection_id = ''
       and deployment_id in (select deployment_id from gone)`,
    workspace,
  );
  await db.$executeRaw`
    delete from resource t where t.workspace = ${workspace} and t.connection_id = ''
      and t.resource_id = any(${resources}::text[])
      and not exists (select from session s where s.workspace = ${workspace}
        and t.resource_id = any(s.vault_ids || s.memory_store_ids))`;
}

/** What demo sessions name, and agents that no session does; to be read before the sessions go. */
export async function readDemoNames(db: Db, workspace: string): Promise<DemoNames> {
  const rows = await db.$queryRawUnsafe<Array<{ [kind in keyof DemoNames]: string[] | null }>>(
    `with demo as materialized (select * from session where workspace = $1 and source = 'demo')
     select array(select agent_id from demo where agent_id is not null
         union select agent_id from agent where workspace = $1 and connection_id = '' and ${IS_DEMO}) as agents,
       array(select distinct environment_id from demo where environment_id is not null) as environments,
       array(select distinct unnest(vault_ids || memory_store_ids) from demo) as resources`,
    workspace,
  );
  const { agents, environments, resources } = rows[0] ?? {};
  return { agents: agents ?? [], environments: environments ?? [], resources: resources ?? [] };
}
