import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { FleetRange } from "@/lib/fleet/schema";
import { SETTLED_OUTCOMES } from "@/lib/sessions/outcomes";
import { SANDBOX_TOOLS } from "@/lib/sessions/sandbox";
import type { Json } from "./config-parts";
import type { CostSums } from "./intervals";
import { SHORT_MS } from "./names";
import type { Candidates } from "./schema";

type Sql = Prisma.Sql;

/** More configurations of one version are not told apart: the rarest count as overrides. */
const MOST_CONFIGS = 50;

const within = (column: string, { from, to }: FleetRange): Sql => {
  const name = Prisma.raw(column);
  return Prisma.sql`(${from ?? null}::timestamptz is null or ${name} >= ${from ?? null}::timestamptz)
    and (${to ?? null}::timestamptz is null or ${name} < ${to ?? null}::timestamptz)`;
};

/** An instant as text in RFC 3339; null stays null. */
const iso = (sql: string) =>
  Prisma.raw(`to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/** Sessions of one agent by version and configuration; a hash that is null is not known. */
export type RanFacts = {
  version: string;
  hash: string | null;
  /** Of all time, and started in the range. */
  ever: number;
  sessions: number;
  first: string | null;
  last: string | null;
};

export async function readRan(
  db: Db,
  workspace: string,
  agent: string,
  range: FleetRange,
): Promise<RanFacts[]> {
  return db.$queryRaw<RanFacts[]>`
    select coalesce(s.agent_version, '') as version, s.config_hash as hash, count(*)::int as ever,
      count(*) filter (where ${within("s.started_at", range)})::int as sessions,
      ${iso("min(s.started_at)")} as first,
      ${iso("max(coalesce(s.last_event_at, s.started_at))")} as last
    from session s where s.workspace = ${workspace} and s.agent_id = ${agent}
    group by 1, 2`;
}

export type ConfigFacts = { agent: string; version: string; hash: string; config: Json };

/** What these agents ran with, by version: the configurations that most sessions had. */
export async function readConfigs(
  db: Db,
  workspace: string,
  hashes: ReadonlyArray<{ agent: string; version: string; hash: string; sessions: number }>,
): Promise<ConfigFacts[]> {
  if (hashes.length === 0) return [];
  const rows = await db.$queryRaw<Array<{ found: string }>>`
    with asked as (
      select *, row_number() over (partition by agent, version order by sessions desc, hash) as place
      from json_to_recordset(${JSON.stringify(hashes)}::json)
        as k(agent text, version text, hash text, sessions int))
    select json_build_object('agent', k.agent, 'version', k.version, 'hash', k.hash,
      'config', (select v.object from agent_version v where v.workspace = ${workspace}
        and v.agent_id = k.agent and v.version = k.version and v.config_hash = k.hash limit 1))::text as found
    from asked k where k.place <= ${MOST_CONFIGS}`;
  return rows
    .map(({ found }) => JSON.parse(found) as ConfigFacts)
    .filter(({ config }) => config !== null);
}

/**
 * Sessions that started in the range, by configuration, of versions that ever ran with several: few
 * versions do, and only their sessions are looked at.
 */
export async function readMixed(
  db: Db,
  workspace: string,
  range: FleetRange,
): Promise<Array<{ agent: string; version: string; hash: string; sessions: number }>> {
  return db.$queryRaw`
    with several as (
      select agent_id, version from agent_version where workspace = ${workspace}
      group by 1, 2 having count(distinct config_hash) > 1)
    select s.agent_id as agent, m.version, s.config_hash as hash, count(*)::int as sessions
    from several m join session s on s.workspace = ${workspace} and s.agent_id = m.agent_id
      and (s.agent_version = m.version or (m.version = '' and s.agent_version is null))
    where s.config_hash is not null and ${within("s.started_at", range)}
    group by 1, 2, 3`;
}

export type HeldFacts = {
  agent: string;
  name: string | null;
  version: string | null;
  archived: string | null;
  config: Json;
};

/** The agents as they were listed last. */
export async function readHeld(
  db: Db,
  workspace: string,
  agents: readonly string[],
): Promise<Map<string, HeldFacts>> {
  const rows = await db.$queryRaw<Array<{ found: string }>>`
    select json_build_object('agent', agent_id, 'name', name, 'version', version,
      'archived', ${iso("coalesce(archived_at, gone_at)")}, 'config', object)::text as found
    from (select distinct on (agent_id) * from agent
      where workspace = ${workspace} and agent_id = any(${[...agents]}::text[])
      order by agent_id, updated_at desc nulls last) a`;
  const facts = rows.map(({ found }) => JSON.parse(found) as HeldFacts);
  return new Map(facts.map((one) => [one.agent, one]));
}

export type ReleaseFacts = {
  agent: string;
  version: string;
  model: string | null;
  systemChars: number;
  published: string | null;
};

export async function readReleases(
  db: Db,
  workspace: string,
  agents: readonly string[],
): Promise<ReleaseFacts[]> {
  return db.$queryRaw<ReleaseFacts[]>`
    select distinct on (agent_id, version) agent_id as agent, version, model,
      system_chars as "systemChars", ${iso("updated_at")} as published
    from agent_release where workspace = ${workspace} and agent_id = any(${[...agents]}::text[])
    order by agent_id, version, updated_at desc`;
}

/** Deployments that start sessions with this version. */
export async function readDeployed(
  db: Db,
  workspace: string,
  agent: string,
  version: string,
): Promise<Array<{ id: string; name: string | null }>> {
  return db.$queryRaw`
    select deployment_id as id, name from deployment
    where workspace = ${workspace} and agent_id = ${agent} and agent_version = ${version}
      and archived_at is null and gone_at is null
    order by name, deployment_id limit 20`;
}

/**
 * How much sessions of a version that settled in the range vary in cost; with `hashes` only those that
 * ran so or of which it is not known. In dollars: squares of nano-dollars would lose their digits.
 */
export async function readSpread(
  db: Db,
  workspace: string,
  of: { agent: string; version: string; hashes: readonly string[] | null },
  range: FleetRange,
): Promise<CostSums> {
  const own = of.hashes
    ? Prisma.sql`(s.config_hash is null or s.config_hash = any(${[...of.hashes]}::text[]))`
    : Prisma.sql`true`;
  const [row] = await db.$queryRaw<CostSums[]>`
    select count(*)::int as sessions,
      (count(*) filter (where outcome = 'completed'))::int as counted,
      coalesce(sum(cost), 0) as cost, coalesce(sum(cost * cost), 0) as "costSquares",
      coalesce(sum(cost) filter (where outcome = 'completed'), 0) as "countedCost"
    from (select s.outcome, s.computed_nanos / 1e9::float8 as cost from session s
      where s.workspace = ${workspace} and s.agent_id = ${of.agent}
        and coalesce(s.agent_version, '') = ${of.version} and ${own}
        and s.outcome = any(${[...SETTLED_OUTCOMES]}::text[]) and ${within("s.settled_at", range)}) c`;
  if (!row) throw new Error("no sums of no rows");
  return row;
}

/** Settled sessions that were short, paid for their running time, and used no tool of the sandbox. */
export async function readCandidates(
  db: Db,
  workspace: string,
  agent: string,
  range: FleetRange,
): Promise<Candidates> {
  const short = Prisma.sql`s.duration_ms <= ${SHORT_MS} and s.runtime_nanos > 0
    and not s.tools && ${[...SANDBOX_TOOLS]}::text[]`;
  const [row] = await db.$queryRaw<Candidates[]>`
    select count(*) filter (where ${short})::int as sessions, count(*)::int as settled,
      coalesce(sum(s.runtime_nanos) filter (where ${short}), 0)::float8 as runtime_nanos
    from session s where s.workspace = ${workspace} and s.agent_id = ${agent}
      and s.outcome = any(${[...SETTLED_OUTCOMES]}::text[]) and ${within("s.settled_at", range)}`;
  if (!row) throw new Error("no sums of no rows");
  return row;
}

export type MarkerFacts = {
  agent: string;
  version: string;
  at: string;
  total: number;
};

/** So many markers are told: more would be a pattern, not a picture. */
const MOST_MARKERS = 30;

/** Of these versions those whose first session began in the range, of agents that had another before. */
export async function readFirsts(
  db: Db,
  workspace: string,
  { from, to }: { from: string; to: string },
  used: ReadonlyArray<{ agent: string; version: string }>,
): Promise<MarkerFacts[]> {
  return db.$queryRaw<MarkerFacts[]>`
    with fresh as (
      select * from json_to_recordset(${JSON.stringify(used)}::json) as u(agent text, version text)
      where not exists (select 1 from session s where s.workspace = ${workspace}
        and s.agent_id = u.agent and s.agent_version = u.version
        and s.started_at < ${from}::timestamptz)),
    firsts as (
      select f.*, (select min(s.started_at) from session s where s.workspace = ${workspace}
        and s.agent_id = f.agent and s.agent_version = f.version) as first from fresh f)
    select f.agent, f.version, ${iso("f.first")} as at, (count(*) over ())::int as total
    from firsts f where f.first < ${to}::timestamptz and exists (
      select 1 from session s where s.workspace = ${workspace} and s.agent_id = f.agent
        and s.agent_version <> f.version and s.started_at < f.first)
    order by f.first desc limit ${MOST_MARKERS}`;
}
