import type { Db } from "@/lib/db/client";
import { linesOf } from "@/lib/db/lines";
import { canonicalJson } from "./canonical";

type OfAgent = { connectionId: string; agentId: string; configHash: string };

const AT_ONCE = 200;

/**
 * Sessions of which nothing is said any more tell what their configuration is called, and not what it
 * is: they follow when it is called otherwise.
 */
export async function renameBare(
  db: Db,
  workspace: string,
  { connectionId, agentId, configHash }: OfAgent,
  name: string,
): Promise<void> {
  for (let after = ""; ; ) {
    const rows = await db.$queryRaw<Array<{ id: string; fold: string }>>`
      select s.session_id as id, st.fold::text as fold
      from session s join session_state st using (workspace, session_id, connection_id)
      where s.workspace = ${workspace} and s.connection_id = ${connectionId}
        and s.agent_id = ${agentId} and s.config_hash = ${configHash} and s.session_id > ${after}
      order by s.session_id limit ${AT_ONCE} for update of s`;
    const bare = rows
      .map(({ id, fold }) => ({ id, fold: JSON.parse(fold) }))
      .filter(({ fold }) => fold.facts?.config === configHash);
    for (const { fold } of bare) fold.facts.config = name;
    if (bare.length > 0) await writeNames(db, { workspace, connectionId }, bare, name);
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) return;
    after = last.id;
  }
}

async function writeNames(
  db: Db,
  { workspace, connectionId }: { workspace: string; connectionId: string },
  bare: ReadonlyArray<{ id: string; fold: unknown }>,
  name: string,
): Promise<void> {
  const lines = linesOf(bare, [({ id }) => id, ({ fold }) => canonicalJson(fold)]);
  await db.$executeRaw`
    with r as materialized (select s, f from ${lines} as r(s, f, n) where n > 1),
    named as (
      update session_state st set fold = r.f::json from r where st.workspace = ${workspace}
        and st.connection_id = ${connectionId} and st.session_id = r.s)
    update session s set config_hash = ${name} from r where s.workspace = ${workspace}
      and s.connection_id = ${connectionId} and s.session_id = r.s`;
}
