import { z } from "zod";
import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { groupOfKey } from "@/lib/metrics/error-group";
import { CursorInstant } from "@/lib/sessions/cursor";
import { instantOf, versionOf } from "@/lib/sessions/row-store";
import { SILENT_MINUTES } from "@/lib/sessions/silence";
import type {
  GroupSession,
  GroupSessionsPage,
  GroupSessionsQuery,
  StuckItem,
  StuckPage,
  StuckQuery,
} from "./schema";
import { faults, filterOf, inRange, type Minutes, type Sql } from "./store";

const SESSION = Prisma.sql`json_build_object('id', s.session_id,
  'connection_id', nullif(s.connection_id, ''), 'title', s.title, 'outcome', s.outcome,
  'agent', json_build_object('id', s.agent_id, 'name', s.agent_name, 'version', s.agent_version))`;

type Ref = GroupSession["session"];
const refOf = (json: Ref): Ref => {
  const { version } = json.agent;
  return { ...json, agent: { ...json.agent, version: versionOf(version as string | null) } };
};
const minuteIso = (minute: number) => new Date(minute * 60_000).toISOString().replace(".000Z", "Z");

const key = z.string().max(256);
const GroupCursor = z.object({ m: z.int(), i: key, c: key });

/** Sessions with errors of a group in the range, the last seen first. */
export async function readGroupSessions(
  workspace: string,
  { minutes, query }: { minutes: Minutes; query: GroupSessionsQuery },
  db: Db = prisma,
): Promise<GroupSessionsPage> {
  const { from, to, group, limit, cursor, ...filters } = query;
  const place = cursor === undefined ? null : decodeCursor(GroupCursor, cursor);
  const after = place
    ? Prisma.sql`(g.minute, g.session_id, g.connection_id) < (${place.m}, ${place.i}, ${place.c})`
    : Prisma.sql`true`;
  type Row = { session: Ref; count: number; minute: number; event: string | null };
  const rows = await db.$queryRaw<Row[]>`
    select ${SESSION} as session, g.count, g.minute, (${lastEventOf(group)}) as event
    from (
      select * from (
        select c.session_id, c.connection_id, max(c.minute) as minute, sum(c.count)::int as count
        from session_cell c join session s using (workspace, session_id, connection_id)
        where ${faults(workspace)} and c.key = ${group} and ${inRange(minutes)}
          and ${filterOf(workspace, filters)}
        group by 1, 2) g
      where ${after} order by minute desc, session_id desc, connection_id desc limit ${limit + 1}) g
    join session s on s.workspace = ${workspace} and s.session_id = g.session_id
      and s.connection_id = g.connection_id
    order by g.minute desc, g.session_id desc, g.connection_id desc`;
  const data = rows.slice(0, limit).map(({ session, count, minute, event }) => ({
    ...{ session: refOf(session), count },
    ...{ last_at: minuteIso(minute), event_id: event },
  }));
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  if (!last) return { data, next_cursor: null };
  const { id: i, connection_id } = last.session;
  return { data, next_cursor: encodeCursor({ m: last.minute, i, c: connection_id ?? "" }) };
}

/** The event of the last error of the group in the session `s`; of a call, its result. */
function lastEventOf(text: string): Sql {
  const group = groupOfKey(text);
  if (!group) return Prisma.sql`null::text`;
  const attribute = (name: string) => Prisma.sql`coalesce(p.attributes ->> ${name}::text, '')`;
  const same =
    group.kind === "tool"
      ? Prisma.sql`p.kind = 'tool' and p.state = 'error' and left(p.name, 64) = ${group.tool}`
      : Prisma.sql`p.kind = 'mark' and (p.name = 'session.error') = ${group.kind === "session"} and ${attribute("error_type")} like ${`${escaped(group.errorType)}%`}`;
  return Prisma.sql`
    select coalesce(p.end_event_id, p.start_event_id) from span p
    where p.workspace = s.workspace and p.session_id = s.session_id
      and p.connection_id = s.connection_id and ${same} and ${attribute("_error")} = ${group.message}
    order by p.at desc limit 1`;
}

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

const StuckCursor = z.object({ t: CursorInstant, i: key, c: key });

/** Sessions that wait for somebody, or run and say nothing; the longest first. */
export async function readStuck(
  workspace: string,
  query: StuckQuery,
  { now = new Date(), db = prisma as Db } = {},
): Promise<StuckPage> {
  const { limit, cursor, ...filters } = query;
  const place = cursor === undefined ? null : decodeCursor(StuckCursor, cursor);
  const after = place
    ? Prisma.sql`(x.since, x.session_id, x.connection_id) > (${place.t}::timestamptz, ${place.i}, ${place.c})`
    : Prisma.sql`true`;
  const stuck = stuckOf(workspace, filterOf(workspace, filters), now);
  type Row = Omit<StuckItem, "session"> & { session: Ref };
  type Sums = { waiting: number; silent: number; rows: string | null };
  const [found] = await db.$queryRaw<Sums[]>`
    with x as materialized (${stuck})
    select (select count(*)::int from x where kind = 'waiting') as waiting,
      (select count(*)::int from x where kind = 'silent') as silent,
      (select json_agg(json_build_object('kind', s.kind, 'session', ${SESSION},
          'since', ${instantOf(Prisma.raw("s.since"))},
          'waiting_for', coalesce(s.outcome_detail -> 'waiting_for', '[]'),
          'cost_nanos', s.computed_nanos) order by s.since, s.session_id, s.connection_id)::text
        from (select * from x where ${after} order by since, session_id, connection_id
          limit ${limit + 1}) s) as rows`;
  const rows = JSON.parse(found?.rows ?? "[]") as Row[];
  const data = rows.slice(0, limit).map((row) => ({ ...row, session: refOf(row.session) }));
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const { waiting = 0, silent = 0 } = found ?? {};
  if (!last) return { data, next_cursor: null, waiting, silent };
  const { id: i, connection_id } = last.session;
  const next = encodeCursor({ t: last.since, i, c: connection_id ?? "" });
  return { data, next_cursor: next, waiting, silent };
}

/** The conditions on the outcome are those of the index of facets. */
function stuckOf(workspace: string, filter: Sql, now: Date): Sql {
  const before = new Date(now.getTime() - SILENT_MINUTES * 60_000);
  return Prisma.sql`
    select s.*, 'waiting' as kind, (s.outcome_detail ->> 'since')::timestamptz as since from session s
    where s.workspace = ${workspace} and array[s.outcome] && array['waiting']
      and s.outcome_detail ->> 'since' is not null and ${filter}
    union all
    select s.*, 'silent', s.last_event_at from session s
    where s.workspace = ${workspace} and array[s.outcome] && array['running']
      and s.last_event_at <= ${before} and ${filter}`;
}
