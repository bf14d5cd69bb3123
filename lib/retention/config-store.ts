import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { linesOf } from "@/lib/db/lines";
import { canonicalJson } from "@/lib/ingest/canonical";
import type { JsonObject } from "@/lib/ingest/schema";
import type { SessionName } from "@/lib/ingest/seal-store";
import type { Config, ConfigName } from "./config";
import { isConnectionHeld, isHeld } from "./hold-store";

/** What `v` is, by a session `s`. */
const isItsOwn = Prisma.sql`s.workspace = v.workspace and s.connection_id = v.connection_id
  and s.agent_id = v.agent_id and s.config_hash = v.config_hash`;

/** No session names it. */
const UNNAMED = Prisma.sql`not exists (select from session s where ${isItsOwn})`;
/** No session that has its content does, and none that is held. */
const UNSAID = Prisma.sql`not v.bare and not exists (
  select from session s left join session_seal x using (workspace, session_id, connection_id)
  where ${isItsOwn} and (coalesce(x.content_at, x.events_at) is null or ${isHeld("s")}))`;

/** Those that sessions ran with. */
export async function readConfigsOf(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<ConfigName[]> {
  const lines = linesOf(sessions, [({ sessionId }) => sessionId, (one) => one.connectionId]);
  return db.$queryRaw`
    select distinct v.connection_id as "connectionId", v.agent_id as "agentId", v.version,
      v.config_hash as "configHash"
    from ${lines} as r(s, c, n) join session s on s.workspace = ${workspace}
      and s.session_id = r.s and s.connection_id = r.c
    join agent_version v on ${isItsOwn} where r.n > 1`;
}

const isOneOf = (names: readonly ConfigName[]) =>
  Prisma.sql`(v.connection_id, v.agent_id, v.version, v.config_hash) in (
    select c, a, b, h from ${namesAsLines(names)} as r(c, a, b, h, n) where r.n > 1)`;

/** Which to look at: those that no session names, of `among` alone where it is given; or those of which nothing is said any more. */
export type Which = { are: "unnamed"; among?: readonly ConfigName[] } | { are: "unsaid" };

const fits = (which: Which): Prisma.Sql => {
  if (which.are === "unsaid") return UNSAID;
  return which.among ? Prisma.sql`${isOneOf(which.among)} and ${UNNAMED}` : UNNAMED;
};

/**
 * The next of a workspace after a place, in the order of their names, with what they were published as.
 * Those of connections that are held are left out.
 */
export async function readConfigs(
  db: Db,
  workspace: string,
  which: Which,
  { after, limit }: { after: ConfigName | null; limit: number },
): Promise<Config[]> {
  const place = after ?? { connectionId: "", agentId: "", version: "", configHash: "" };
  const rows = await db.$queryRaw<Array<Omit<Config, "object"> & { object: string }>>`
    select v.connection_id as "connectionId", v.agent_id as "agentId", v.version,
      v.config_hash as "configHash", v.object::text as object,
      case when r.agent_id is not null then json_build_object('model', r.model, 'tools', r.tools,
        'systemHash', r.system_hash) end as release
    from agent_version v left join agent_release r using (workspace, connection_id, agent_id, version)
    where v.workspace = ${workspace} and ${fits(which)} and not ${isConnectionHeld("v")}
      and (v.connection_id, v.agent_id, v.version, v.config_hash)
        > (${place.connectionId}, ${place.agentId}, ${place.version}, ${place.configHash})
    order by v.connection_id, v.agent_id, v.version, v.config_hash limit ${limit}`;
  return rows.map((row) => ({ ...row, object: JSON.parse(row.object) }));
}

export async function deleteConfigs(
  db: Db,
  workspace: string,
  names: readonly ConfigName[],
): Promise<void> {
  if (names.length === 0) return;
  await db.$executeRaw`
    delete from agent_version v where v.workspace = ${workspace} and ${isOneOf(names)} and ${UNNAMED}`;
}

export async function writeBareConfigs(
  db: Db,
  workspace: string,
  configs: readonly (ConfigName & { object: JsonObject })[],
): Promise<void> {
  if (configs.length === 0) return;
  const lines = linesOf(configs, [...NAME, ({ object }) => canonicalJson(object)]);
  await db.$executeRaw`
    update agent_version v set object = r.o::json, bare = true
    from ${lines} as r(c, a, b, h, o, n) where r.n > 1 and v.workspace = ${workspace}
      and v.connection_id = r.c and v.agent_id = r.a and v.version = r.b and v.config_hash = r.h`;
}

const NAME = [
  ({ connectionId }: ConfigName) => connectionId,
  ({ agentId }: ConfigName) => agentId,
  ({ version }: ConfigName) => version,
  ({ configHash }: ConfigName) => configHash,
];
const namesAsLines = (names: readonly ConfigName[]) => linesOf(names, NAME);
