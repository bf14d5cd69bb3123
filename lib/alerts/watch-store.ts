import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { allOf, conditionsOf } from "@/lib/sessions/filter-store";
import type { SessionFilter } from "@/lib/sessions/query-schema";
import type { RuleOf } from "./rule-schema";

type Measure = RuleOf<"session">["measure"];
type Sql = Prisma.Sql;

/** How a session stands at an instant, by one measure. */
export type Watched = {
  id: string;
  connectionId: string;
  agent: string;
  environment: string;
  outcome: string;
  value: number | null;
  /** Neither at work nor waiting for anybody. */
  ended: boolean;
  settledAt: Date | null;
  costNanos: number;
};

type Asked = {
  measure: Measure;
  filter: SessionFilter;
  atMs: number;
  /** Who ended after it had not ended yet: a tick may be judged late. */
  tickMs: number;
  windowMs: number;
  /** Those that ended after it are looked at once more. */
  sinceMs: number;
  /** Told whatever their value: `[session, connection]`. */
  open: readonly (readonly [string, string])[];
  /** Others only from this value on, or up to it. */
  bound: { least: number } | { most: number };
};

const MOST_SESSIONS = 2_000;

/** The sessions that a rule of sessions has to judge, at most 2,000, the farthest first. */
export async function readWatched(
  workspace: string,
  asked: Asked,
  db: Db = prisma,
): Promise<Watched[]> {
  const { measure, filter, atMs, sinceMs, open, bound } = asked;
  const since = new Date(sinceMs);
  const value = measureOf(measure, atMs, asked.windowMs);
  const fits = allOf(conditionsOf(filter), "plain");
  const inBounds =
    "least" in bound
      ? Prisma.sql`value >= ${bound.least}::float8`
      : Prisma.sql`value <= ${bound.most}::float8`;
  const farthest = Prisma.raw("least" in bound ? "desc" : "asc");
  return db.$queryRaw<Watched[]>`
    with open as (
      select o ->> 0 as session_id, o ->> 1 as connection_id
      from json_array_elements(${JSON.stringify(open)}::json) o),
    candidates as (
      select session_id, connection_id from session s where workspace = ${workspace}
        and array[outcome] && array['running', 'waiting']
      union select session_id, connection_id from session s where workspace = ${workspace}
        and last_event_at >= ${since}
      union select session_id, connection_id from open),
    judged as (
      select s.session_id, s.connection_id, s.agent_id, s.environment_id, s.outcome,
        s.computed_nanos, coalesce(s.settled_at, s.last_event_at) as settled_at, s.outcome not in ('running', 'waiting')
          and coalesce(coalesce(s.settled_at, s.last_event_at) <= ${new Date(asked.tickMs)}, true) as ended,
        o.session_id is not null as is_open, ${value} as value
      from candidates join session s using (session_id, connection_id)
      left join open o using (session_id, connection_id)
      where s.workspace = ${workspace} and (o.session_id is not null or (${fits})))
    select session_id as id, connection_id as "connectionId", coalesce(agent_id, '') as agent,
      coalesce(environment_id, '') as environment, outcome, value::float8 as value, ended,
      settled_at as "settledAt", computed_nanos::float8 as "costNanos"
    from judged where is_open or ${inBounds}
    order by is_open desc, value ${farthest}, session_id limit ${MOST_SESSIONS}`;
}

/** When a rule last told that a session had ended, in milliseconds by `session connection`. */
export async function readTold(
  workspace: string,
  { ruleId, since }: { ruleId: string; since: Date },
  db: Db = prisma,
): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ key: string; at: Date }[]>`
    select (labels ->> 'session') || ' ' || coalesce(labels ->> 'connection', '') as key,
      max(closed_at) as at
    from alert_episode where workspace = ${workspace} and rule_id = ${ruleId}
      and closed_at >= ${since} and close_reason = 'ended' group by 1`;
  return new Map(rows.map(({ key, at }) => [key, at.getTime()]));
}

/** Seconds, nano-dollars, tokens or a count; null where the session has none of it. */
function measureOf(measure: Measure, atMs: number, windowMs: number): Sql {
  const at = Prisma.sql`${new Date(atMs)}::timestamptz`;
  const from = Prisma.sql`${new Date(atMs - windowMs)}::timestamptz`;
  const seconds = (interval: Sql) => Prisma.sql`extract(epoch from ${interval})`;
  switch (measure) {
    case "cost":
      return Prisma.sql`s.computed_nanos`;
    case "tokens":
      return Prisma.sql`s.total_tokens`;
    case "duration":
      return seconds(Prisma.sql`(least(coalesce(s.settled_at, ${at}), ${at}) - s.started_at)`);
    case "silence":
      return Prisma.sql`case when s.outcome = 'running' then ${seconds(Prisma.sql`(${at} - s.last_event_at)`)} end`;
    case "waiting":
      return Prisma.sql`case when s.outcome = 'waiting'
        then ${seconds(Prisma.sql`(${at} - (s.outcome_detail ->> 'since')::timestamptz)`)} end`;
    case "reschedules":
      return Prisma.sql`(select count(*) from span p where p.workspace = s.workspace
        and p.session_id = s.session_id and p.connection_id = s.connection_id and p.day = s.day
        and p.kind = 'state' and p.name = 'rescheduling' and p.started_at >= ${from} and p.started_at < ${at})`;
    case "cost_per_minute":
      return Prisma.sql`(select sum(c.nanos) / ${windowMs / 60_000}::float8 from session_cell c
        where c.workspace = s.workspace and c.session_id = s.session_id
        and c.connection_id = s.connection_id and c.family in ('request', 'runtime', 'search')
        and c.minute >= ${Math.floor((atMs - windowMs) / 60_000)} and c.minute < ${Math.ceil(atMs / 60_000)})`;
    case "tool_errors":
      return Prisma.sql`(select max(failed) from (
        select count(*) filter (where state = 'error' and started_at > coalesce(last_ok, '-infinity')) as failed
        from (select p.name, p.state, p.started_at,
            max(p.started_at) filter (where p.state = 'ok') over (partition by p.name) as last_ok
          from span p where p.workspace = s.workspace and p.session_id = s.session_id
            and p.connection_id = s.connection_id and p.day = s.day and p.kind = 'tool') calls
        group by name) by_tool)`;
  }
}
