import { type Db, prisma } from "@/lib/db/client";

/** What agents are called, by their ids, as last heard. */
export async function readAgentNames(
  workspace: string,
  agents: readonly string[],
  db: Db = prisma,
): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<Array<{ agent: string; name: string }>>`
    select distinct on (agent) agent, name from (
      select agent_id as agent, name, updated_at as at from agent
      where workspace = ${workspace} and agent_id = any(${[...agents]}::text[])
      union all
      select agent_id, object ->> 'name', first_seen_at from agent_version
      where workspace = ${workspace} and agent_id = any(${[...agents]}::text[])) named
    where name <> '' order by agent, at desc nulls last, name`;
  return new Map(rows.map(({ agent, name }) => [agent, name]));
}
