import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { conditionsOf } from "@/lib/sessions/filter-store";
import type { SessionFilter } from "@/lib/sessions/query-schema";
import type { AffectedAnswer, AffectedQuery } from "./schema";

export type Sql = Prisma.Sql;

/** Minutes from the epoch: from the first to before the last. */
export type Minutes = { from: number; to: number };

type Filters = Omit<SessionFilter, "by" | "from" | "to">;

const conditionsIn = (filters: Filters) =>
  conditionsOf({ ...filters, from: undefined, to: undefined, by: "active" }).map(({ sql }) => sql);

/** What a session `s` must meet. */
export const filterOf = (workspace: string, filters: Filters): Sql =>
  Prisma.join([Prisma.sql`s.workspace = ${workspace}`, ...conditionsIn(filters)], " and ");

/** Joins cells `c` with their sessions where a filter asks for something of these. */
function ofSessions(filters: Filters): Sql {
  const conditions = conditionsIn(filters);
  if (conditions.length === 0) return Prisma.empty;
  return Prisma.sql`join session s on s.workspace = c.workspace and s.session_id = c.session_id
    and s.connection_id = c.connection_id and ${Prisma.join(conditions, " and ")}`;
}

/** Cells of errors that are still there: what was taken back leaves an empty one. */
export const faults = (workspace: string): Sql =>
  Prisma.sql`c.workspace = ${workspace} and c.family = 'fault' and c.count > 0`;

export const inRange = ({ from, to }: Minutes): Sql =>
  Prisma.sql`c.minute >= ${from} and c.minute < ${to}`;

/** What is known of a group beside how often it came. */
export type GroupFacts = {
  key: string;
  sessions: number;
  first: number | null;
  last: number | null;
  quiet: number | null;
};

/** Sessions are those of the filter; when a group was seen, and how long it was quiet, is of all sessions. */
export async function readGroupFacts(
  workspace: string,
  { keys, minutes, filters }: { keys: readonly string[]; minutes: Minutes; filters: Filters },
  db: Db = prisma,
): Promise<GroupFacts[]> {
  if (keys.length === 0) return [];
  const of = Prisma.sql`${faults(workspace)} and c.key = k.key`;
  return db.$queryRaw<GroupFacts[]>`
    select k.key,
      (select count(*)::int from (select 1 from session_cell c ${ofSessions(filters)}
        where ${of} and ${inRange(minutes)} group by c.session_id, c.connection_id) g) as sessions,
      (select min(c.minute) from session_cell c where ${of}) as first,
      (select max(c.minute) from session_cell c where ${of}) as last,
      (select max(g.minute - g.before) from (
        select c.minute, lag(c.minute) over (order by c.minute) as before from session_cell c
        where ${of} and c.minute < ${minutes.to} and c.minute >= coalesce((
          select max(c.minute) from session_cell c where ${of} and c.minute < ${minutes.from}),
          ${minutes.from})) g) as quiet
    from unnest(${[...keys]}::text[]) as k(key)`;
}

/** The minute the first session of all began in; null without one. */
export async function readBegan(workspace: string, db: Db = prisma): Promise<number | null> {
  const [row] = await db.$queryRaw<{ minute: number | null }[]>`
    select floor(extract(epoch from min(started_at)) / 60)::int as minute from session
    where workspace = ${workspace}`;
  return row?.minute ?? null;
}

/** How many sessions failing tools and servers have touched. */
export async function readAffected(
  workspace: string,
  { minutes, query }: { minutes: Minutes; query: AffectedQuery },
  db: Db = prisma,
): Promise<AffectedAnswer> {
  const { from, to, limit, ...filters } = query;
  const [row] = await db.$queryRaw<{ tools: string; servers: string }[]>`
    with f as materialized (
      select split_part(c.key, E'\t', 3) as tool, split_part(c.key, E'\t', 4) as server,
        c.session_id, c.connection_id
      from session_cell c ${ofSessions(filters)}
      where ${faults(workspace)} and ${inRange(minutes)} group by c.key, c.session_id, c.connection_id)
    select (${affectedBy("tool", limit)}) as tools, (${affectedBy("server", limit)}) as servers`;
  return {
    tools: JSON.parse(row?.tools ?? "{}"),
    mcp_servers: JSON.parse(row?.servers ?? "{}"),
  };
}

function affectedBy(column: "tool" | "server", limit: number): Sql {
  const name = Prisma.raw(column);
  return Prisma.sql`
    select json_build_object('total', coalesce(max(a.total), 0),
      'data', coalesce(json_agg(json_build_object('name', a.name, 'sessions', a.sessions)
        order by a.sessions desc, a.name), '[]'))::text
    from (select ${name} as name, count(*)::int as sessions, (count(*) over ())::int as total
      from (select distinct ${name}, session_id, connection_id from f where ${name} <> '') d
      group by ${name} order by 2 desc, 1 limit ${limit}) a`;
}
