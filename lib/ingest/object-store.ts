import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { largeText } from "@/lib/db/large-text";
import { isoFromMicros } from "@/lib/time/micros";
import { cleanText, rowText } from "./canonical";
import type { JsonObject, ObjectRecord, Origin, Rejection } from "./schema";
import { textOf } from "./spans";

/** A version as a number, for its order; anything else stands before all of them. */
const numberOf = (table: "agent" | "excluded") =>
  Prisma.raw(
    `case when ${table}.version ~ '^[0-9]{1,18}$' then ${table}.version::bigint else -1 end`,
  );

/** Agents: the newest by its own time stands, ties go to the higher version, then to the greater text. */
export async function writeAgents(
  db: Db,
  origin: Origin,
  agents: readonly ObjectRecord[],
): Promise<number> {
  if (agents.length === 0) return 0;
  const rows = agents.map((agent) =>
    rowText(
      {
        i: agent.id,
        n: textOf(agent.payload.name),
        v: agent.payload.version == null ? null : cleanText(String(agent.payload.version)),
        u: isoFromMicros(agent.atUs),
        a: textOf(agent.payload.archived_at),
      },
      { o: agent.payload },
    ),
  );
  return db.$executeRaw`
    insert into agent (workspace, connection_id, agent_id, name, version, updated_at, archived_at, object)
    select ${origin.workspace}, ${origin.connectionId}, r.i, r.n, r.v, r.u, r.a, r.o::json
    from json_to_recordset(${largeText(`[${rows.join(",")}]`)}::json)
      as r(i text, n text, v text, u timestamptz, a timestamptz, o text)
    order by r.i
    on conflict (workspace, connection_id, agent_id) do update set name = excluded.name,
      version = excluded.version, updated_at = excluded.updated_at,
      archived_at = excluded.archived_at, object = excluded.object
    where (excluded.updated_at, ${numberOf("excluded")}, excluded.object::text)
      > (agent.updated_at, ${numberOf("agent")}, agent.object::text)`;
}

/** Environments: the newest by its own time stands, ties go to the greater text. */
export async function writeEnvironments(
  db: Db,
  origin: Origin,
  environments: readonly ObjectRecord[],
): Promise<number> {
  if (environments.length === 0) return 0;
  const rows = environments.map((environment) =>
    rowText(
      {
        i: environment.id,
        n: textOf(environment.payload.name),
        u: isoFromMicros(environment.atUs),
        a: textOf(environment.payload.archived_at),
      },
      { o: environment.payload },
    ),
  );
  return db.$executeRaw`
    insert into environment (workspace, connection_id, environment_id, name, updated_at, archived_at, object)
    select ${origin.workspace}, ${origin.connectionId}, r.i, r.n, r.u, r.a, r.o::json
    from json_to_recordset(${largeText(`[${rows.join(",")}]`)}::json)
      as r(i text, n text, u timestamptz, a timestamptz, o text)
    order by r.i
    on conflict (workspace, connection_id, environment_id) do update set name = excluded.name,
      updated_at = excluded.updated_at, archived_at = excluded.archived_at, object = excluded.object
    where (excluded.updated_at, excluded.object::text) > (environment.updated_at, environment.object::text)`;
}

export type AgentConfig = {
  agentId: string;
  version: string;
  configHash: string;
  model: string | null;
  object: JsonObject;
};

/** Configurations that agents ran with, each once. One that was bare by now is whole again. */
export async function writeAgentVersions(
  db: Db,
  origin: Origin,
  configs: readonly AgentConfig[],
  now: string,
): Promise<void> {
  if (configs.length === 0) return;
  const rows = configs.map((config) =>
    rowText(
      { i: config.agentId, v: config.version, h: config.configHash, m: config.model },
      { o: config.object },
    ),
  );
  await db.$executeRaw`
    with r as materialized (
      select * from json_to_recordset(${largeText(`[${rows.join(",")}]`)}::json)
        as r(i text, v text, h text, m text, o text)),
    whole as (
      update agent_version t set object = r.o::json, bare = false from r
      where t.workspace = ${origin.workspace} and t.connection_id = ${origin.connectionId}
        and t.agent_id = r.i and t.version = r.v and t.config_hash = r.h and t.bare)
    insert into agent_version (workspace, connection_id, agent_id, version, config_hash, model,
      first_seen_at, object)
    select ${origin.workspace}, ${origin.connectionId}, r.i, r.v, r.h, r.m, ${now}::timestamptz, r.o::json
    from r order by r.i, r.v, r.h
    on conflict (workspace, connection_id, agent_id, version, config_hash) do nothing`;
}

/** Keeps what could not be taken, whole and with its reason. */
export async function writeRejections(
  db: Db,
  origin: Origin,
  rejections: readonly Rejection[],
  now: string,
): Promise<void> {
  if (rejections.length === 0) return;
  const rows = rejections.map(({ kind, code, message, sessionId, threadId, line }) => ({
    k: kind,
    c: code,
    m: message,
    s: sessionId,
    t: threadId,
    b: line,
  }));
  await db.$executeRaw`
    insert into rejected_item (workspace, id, received_at, source, connection_id, kind, code, message,
      session_id, thread_id, body, body_bytes)
    select ${origin.workspace}, gen_random_uuid(), ${now}::timestamptz, ${origin.source},
      ${origin.connectionId}, r.k, r.c, r.m, r.s, r.t, r.b, octet_length(r.b)
    from json_to_recordset(${largeText(JSON.stringify(rows))}::json)
      as r(k text, c text, m text, s text, t text, b text)`;
}
