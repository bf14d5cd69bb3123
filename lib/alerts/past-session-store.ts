import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { allOf, conditionsOf } from "@/lib/sessions/filter-store";
import type { SessionFilter } from "@/lib/sessions/query-schema";
import type { PastSession } from "./past-sessions";
import type { RuleOf } from "./rule-schema";

type Measure = RuleOf<"session">["measure"];
type Sql = Prisma.Sql;

type Asked = {
  measure: Measure;
  filter: SessionFilter;
  from: Date;
  to: Date;
  /** Sessions that never come so far are left out; null for all. */
  least: number | null;
  /** Silences from so many seconds on. */
  leastSilence: number;
  windowMs: number;
};

/** How sessions stood over a range, at most so many. */
export async function readPastSessions(
  workspace: string,
  asked: Asked,
  most: number,
  db: Db = prisma,
): Promise<PastSession[]> {
  const { filter, from, to } = asked;
  const fits = allOf(conditionsOf(filter), "plain");
  return db.$queryRaw<PastSession[]>`
    with asked as (
      select s.* from session s
      where s.workspace = ${workspace} and s.started_at < ${to}
        and (array[s.outcome] && array['running', 'waiting'] or s.last_event_at >= ${from})
        and (${fits}) and (${reaches(asked)})
      order by s.started_at limit ${most})
    select s.session_id as id, s.connection_id as "connectionId",
      coalesce(s.agent_id, '') as agent, coalesce(s.environment_id, '') as environment,
      ${msOf(Prisma.sql`s.started_at`)} as "startedMs", s.runtime_nanos::float8 as "runtimeNanos",
      coalesce((select json_agg(json_build_array(p.name, ${msOf(Prisma.sql`p.started_at`)})
          order by p.started_at, p.id)
        from span p where ${ofSession("p")} and p.kind = 'state' and p.started_at <= ${to}), '[]') as bands,
      coalesce(${marksOf(asked)}, '[]') as marks
    from asked s order by s.started_at, s.session_id`;
}

const msOf = (at: Sql) => Prisma.sql`(extract(epoch from ${at}) * 1000)::float8`;
const ofSession = (alias: "p" | "e") => {
  const own = Prisma.raw(alias);
  return Prisma.sql`${own}.workspace = s.workspace and ${own}.session_id = s.session_id
    and ${own}.connection_id = s.connection_id and ${own}.day = s.day`;
};

/** What a session's row says of how far it can have come. */
function reaches({ measure, least, windowMs }: Asked): Sql {
  if (least === null) return Prisma.sql`true`;
  const lasts = (until: Sql) => Prisma.sql`extract(epoch from ${until} - s.started_at) >= ${least}`;
  switch (measure) {
    case "cost":
      return Prisma.sql`s.computed_nanos >= ${least}`;
    case "cost_per_minute":
      return Prisma.sql`s.computed_nanos >= ${(least * windowMs) / 60_000}`;
    case "tokens":
      return Prisma.sql`s.total_tokens >= ${least}`;
    case "duration":
      return Prisma.sql`s.settled_at is null or ${lasts(Prisma.sql`s.settled_at`)}`;
    case "silence":
      return Prisma.sql`s.outcome = 'running' or ${lasts(Prisma.sql`s.last_event_at`)}`;
    case "waiting":
      return Prisma.sql`s.outcome = 'waiting' or s.waiting_ms >= ${least * 1_000}`;
    case "tool_errors":
      return Prisma.sql`s.tool_errors >= ${least}`;
    case "reschedules":
      return Prisma.sql`(select count(*) from span p where ${ofSession("p")} and p.kind = 'state'
        and p.name = 'rescheduling') >= ${least}`;
  }
}

/** What its value is made of beside its states, in the order of time. */
function marksOf({ measure, to, leastSilence }: Asked): Sql {
  switch (measure) {
    case "cost":
    case "cost_per_minute":
      return cells(Prisma.sql`c.nanos`, Prisma.sql`'request', 'search'`);
    case "tokens":
      return cells(
        Prisma.sql`c.input_tokens + c.cache_write_5m_tokens + c.cache_write_1h_tokens
          + c.cache_read_tokens + c.output_tokens`,
        Prisma.sql`'request'`,
      );
    case "silence":
      return Prisma.sql`(select json_agg(json_build_array(${msOf(Prisma.sql`g.at`)},
          ${msOf(Prisma.sql`g.next`)}) order by g.at)
        from (select e.at, lead(e.at) over (order by e.at) as next
          from event e where ${ofSession("e")} and e.at is not null) g
        where g.at <= ${to}
          and (g.next is null or extract(epoch from g.next - g.at) >= ${leastSilence}))`;
    case "tool_errors":
      return Prisma.sql`(select json_agg(json_build_array(${msOf(Prisma.sql`p.ended_at`)},
          ${msOf(Prisma.sql`p.started_at`)}, p.name, p.state) order by p.ended_at, p.id)
        from span p where ${ofSession("p")} and p.kind = 'tool' and p.state in ('ok', 'error')
          and p.ended_at <= ${to} and p.started_at is not null)`;
    default:
      return Prisma.sql`'[]'::json`;
  }
}

const cells = (amount: Sql, families: Sql) => Prisma.sql`
  (select json_agg(json_build_array(m.minute, m.amount) order by m.minute)
    from (select c.minute, sum(${amount})::float8 as amount from session_cell c
      where c.workspace = s.workspace and c.session_id = s.session_id
        and c.connection_id = s.connection_id and c.family in (${families})
      group by c.minute) m)`;
