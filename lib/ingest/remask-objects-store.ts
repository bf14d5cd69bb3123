import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { linesOf } from "@/lib/db/lines";
import { canonicalJson } from "./canonical";
import { renameBare } from "./config-store";
import type { JsonObject } from "./schema";

const raw = Prisma.raw;

/** Where objects of no session are, by the column that names them; `text` is made of the object. */
export const OBJECTS = {
  agent: { id: "agent_id", text: "name" },
  environment: { id: "environment_id", text: "name" },
  deployment: { id: "deployment_id", text: "name" },
  deployment_run: { id: "run_id", text: "error_message" },
} as const;
export type ObjectKind = keyof typeof OBJECTS;

export type Place = { afterConnection: string; afterId: string };
type At = { workspace: string; limit: number } & Place;

export type StoredObject = { connectionId: string; id: string; object: JsonObject };

/** The next of a kind after a place, in the order of their names, locked. */
export async function lockObjects(
  db: Db,
  kind: ObjectKind,
  { workspace, afterConnection, afterId, limit }: At,
): Promise<StoredObject[]> {
  const id = raw(OBJECTS[kind].id);
  const rows = await db.$queryRaw<Array<{ connectionId: string; id: string; object: string }>>`
    select connection_id as "connectionId", ${id} as id, object::text as object from ${raw(kind)}
    where workspace = ${workspace} and (connection_id, ${id}) > (${afterConnection}, ${afterId})
    order by connection_id, ${id} limit ${limit} for update`;
  return rows.map((row) => ({ ...row, object: JSON.parse(row.object) }));
}

export async function writeObjects(
  db: Db,
  workspace: string,
  kind: ObjectKind,
  objects: readonly (StoredObject & { text: string | null })[],
): Promise<void> {
  if (objects.length === 0) return;
  const lines = linesOf(objects, [
    ({ connectionId }) => connectionId,
    ({ id }) => id,
    ({ object }) => canonicalJson(object),
    ({ text }) => text,
  ]);
  const { id, text } = OBJECTS[kind];
  await db.$executeRaw`
    update ${raw(kind)} t set object = r.o::json, ${raw(text)} = nullif(r.x, '')
    from ${lines} as r(c, i, o, x, n) where r.n > 1 and t.workspace = ${workspace}
      and t.connection_id = r.c and t.${raw(id)} = r.i`;
}

/** Where only a name is kept of an object. */
export const NAMED = {
  agent_release: ["agent_id", "version"],
  resource: ["kind", "resource_id"],
} as const;
export type NamedKind = keyof typeof NAMED;

export type StoredName = { connectionId: string; id: string; name: string };

const namedBy = (kind: NamedKind) => raw(`concat_ws(E'\\n', ${NAMED[kind].join(", ")})`);

export function lockNames(
  db: Db,
  kind: NamedKind,
  { workspace, afterConnection, afterId, limit }: At,
): Promise<StoredName[]> {
  return db.$queryRaw`
    select connection_id as "connectionId", ${namedBy(kind)} as id, coalesce(name, '') as name
    from ${raw(kind)}
    where workspace = ${workspace} and (connection_id, ${namedBy(kind)}) > (${afterConnection}, ${afterId})
    order by connection_id, ${namedBy(kind)} limit ${limit} for update`;
}

export async function writeNames(
  db: Db,
  workspace: string,
  kind: NamedKind,
  names: readonly StoredName[],
): Promise<void> {
  for (const { connectionId, id, name } of names)
    await db.$executeRaw`
      update ${raw(kind)} set name = ${name} where workspace = ${workspace}
        and connection_id = ${connectionId} and ${namedBy(kind)} = ${id}`;
}

export type StoredVersion = {
  connectionId: string;
  agentId: string;
  version: string;
  configHash: string;
  object: JsonObject;
};

/** What agents ran with, after a place of which `afterId` is the row's name. */
export async function lockVersions(
  db: Db,
  { workspace, afterConnection, afterId, limit }: At,
): Promise<(StoredVersion & { id: string })[]> {
  const id = raw("concat_ws(E'\\n', agent_id, version, config_hash)");
  const rows = await db.$queryRaw<
    (Omit<StoredVersion, "object"> & { id: string; object: string })[]
  >`
    select connection_id as "connectionId", agent_id as "agentId", version,
      config_hash as "configHash", object::text as object, ${id} as id
    from agent_version v
    where workspace = ${workspace} and (connection_id, ${id}) > (${afterConnection}, ${afterId})
    order by connection_id, ${id} limit ${limit} for update`;
  return rows.map((row) => ({ ...row, object: JSON.parse(row.object) }));
}

/** One in the place of another, under the name of what is left of it. What a session still names stays beside it. */
export async function replaceVersion(
  db: Db,
  workspace: string,
  { connectionId, agentId, version, configHash }: StoredVersion,
  next: { configHash: string; object: JsonObject },
): Promise<boolean> {
  const here = Prisma.sql`v.workspace = ${workspace} and v.connection_id = ${connectionId}
    and v.agent_id = ${agentId} and v.version = ${version} and v.config_hash = ${configHash}`;
  await db.$executeRaw`
    insert into agent_version (workspace, connection_id, agent_id, version, config_hash, model,
      first_seen_at, object, bare)
    select v.workspace, v.connection_id, v.agent_id, v.version, ${next.configHash}, v.model,
      v.first_seen_at, ${canonicalJson(next.object)}::json, v.bare
    from agent_version v where ${here}
    on conflict (workspace, connection_id, agent_id, version, config_hash) do update
      set first_seen_at = least(agent_version.first_seen_at, excluded.first_seen_at)`;
  await renameBare(db, workspace, { connectionId, agentId, configHash }, next.configHash);
  const gone = await db.$executeRaw`
    delete from agent_version v where ${here} and not exists (select from session s
      where s.workspace = v.workspace and s.connection_id = v.connection_id
        and s.agent_id = v.agent_id and s.config_hash = v.config_hash)`;
  return gone > 0;
}

export type StoredRejection = {
  id: string;
  connectionId: string;
  sessionId: string | null;
  threadId: string | null;
  kind: string;
  code: string;
  message: string;
  body: string;
  original: string | null;
};

/** Which rows `r` of the refused items are to be left as they are. */
export type Left = Prisma.Sql;

/** Refused items after a place, but those that are left. */
export async function lockRejected(
  db: Db,
  { workspace, afterId, limit }: Omit<At, "afterConnection">,
  isLeft: Left,
): Promise<StoredRejection[]> {
  return db.$queryRaw`
    select id::text, connection_id as "connectionId", session_id as "sessionId",
      thread_id as "threadId", kind, code, message, body, original
    from rejected_item r where workspace = ${workspace} and body <> ''
      and id > ${afterId || "00000000-0000-0000-0000-000000000000"}::uuid and not ${isLeft}
    order by id limit ${limit} for update`;
}

export async function writeRejected(
  db: Db,
  workspace: string,
  rows: readonly StoredRejection[],
): Promise<void> {
  for (const { id, message, body, original } of rows)
    await db.$executeRaw`
      update rejected_item set message = ${message}, body = ${body}, original = ${original}
      where workspace = ${workspace} and id = ${id}::uuid`;
}
