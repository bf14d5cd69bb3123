import { Prisma } from "@/lib/db/generated/client";

export type Sql = Prisma.Sql;

/** Sessions `s` that settled within the range; one that settled at no known time is in none. */
export function settledIn(
  workspace: string,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): Sql {
  return Prisma.sql`s.workspace = ${workspace} and s.settled_at is not null
    and ${from === undefined ? Prisma.sql`true` : Prisma.sql`s.settled_at >= ${from}::timestamptz`}
    and ${to === undefined ? Prisma.sql`true` : Prisma.sql`s.settled_at < ${to}::timestamptz`}`;
}

/** The one cause under which a session `s` with a list cost is summed: the first of its causes. */
export const CAUSE = Prisma.sql`case when s.drift_nanos = 0 then 'exact'
  else coalesce(s.drift_causes[1], 'unexplained') end`;

/** The platform's token counts of a session `s` as text: equal as long as they do not change. */
export const USAGE = Prisma.sql`concat_ws('/', s.input_tokens, s.cache_write_5m_tokens,
  s.cache_write_1h_tokens, s.cache_read_tokens, s.output_tokens)`;

/** The row of the sync that knows a session `s`, as `y`. */
export const SYNC = Prisma.sql`left join sync_session y on y.workspace = s.workspace
  and y.connection_id = s.connection_id and y.session_id = s.session_id`;

/** What the cost report bills for each session of the workspace, over all days, as `b`. */
export const billedBeside = (workspace: string): Sql => Prisma.sql`left join (
    select connection_id, session_id, sum(amount_nanos) as amount from billed_cost
    where workspace = ${workspace} and session_id <> '' group by connection_id, session_id) b
  on b.connection_id = s.connection_id and b.session_id = s.session_id`;

/** What became of reading the lists of `s` once more, beside `y`; null where there was no reason to. */
export const RELIST = Prisma.sql`case
  when y.relisted_at is not null and y.relist_usage = ${USAGE}
    then case when s.token_gap > 0 then 'different' else 'mended' end
  when s.token_gap = 0 then null
  when y.session_id is null or y.gone_at is not null then 'unavailable'
  else 'waiting' end`;
