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

/** Removes agents, their versions and environments that no session is left of and only the demo named. */
export async function deleteDemoAgents(
  db: Db,
  workspace: string,
  ids: { agents: string[]; environments: string[] },
): Promise<void> {
  for (const table of ["agent", "agent_version"])
    await db.$executeRawUnsafe(
      `delete from "${table}" t where t.workspace = $1 and t.agent_id = any($2::text[])
       and not exists (select from session s where s.workspace = $1 and s.agent_id = t.agent_id)`,
      workspace,
      ids.agents,
    );
  await db.$executeRaw`
    delete from environment t where t.workspace = ${workspace}
      and t.environment_id = any(${ids.environments}::text[])
      and not exists (select from session s where s.workspace = ${workspace}
        and s.environment_id = t.environment_id)`;
}

/** Agents and environments that demo sessions name; to be read before the sessions go. */
export async function readDemoNames(
  db: Db,
  workspace: string,
): Promise<{ agents: string[]; environments: string[] }> {
  const rows = await db.$queryRaw<
    Array<{ agents: string[] | null; environments: string[] | null }>
  >`
    select array_agg(distinct agent_id) filter (where agent_id is not null) as agents,
      array_agg(distinct environment_id) filter (where environment_id is not null) as environments
    from session where workspace = ${workspace} and source = 'demo'`;
  return { agents: rows[0]?.agents ?? [], environments: rows[0]?.environments ?? [] };
}
