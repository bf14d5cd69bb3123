import { Prisma } from "@/lib/db/generated/client";
import { FAILED_OUTCOMES } from "@/lib/sessions/outcomes";
import type { UseFacts } from "./facts";
import type { FleetRange } from "./schema";

export type Sql = Prisma.Sql;

/** A condition on `session s`: of the workspace, and started in the range. */
export function startedIn(workspace: string, { from, to }: FleetRange): Sql {
  return Prisma.sql`s.workspace = ${workspace}
    and (${from ?? null}::timestamptz is null or s.started_at >= ${from ?? null}::timestamptz)
    and (${to ?? null}::timestamptz is null or s.started_at < ${to ?? null}::timestamptz)`;
}

/** What the sessions `s` of a group came to, as columns. */
export const USE = Prisma.sql`count(*)::int as sessions,
  count(*) filter (where s.outcome = any(${[...FAILED_OUTCOMES]}::text[]))::int as failed,
  count(*) filter (where s.outcome = any(${[...FAILED_OUTCOMES, "completed"]}::text[]))::int as settled,
  sum(s.computed_nanos)::float8 as cost, sum(s.unpriced_tokens)::float8 as unpriced`;

/** The same columns of `u`, where there may have been no session, as members of a JSON object. */
export const USE_JSON = Prisma.sql`'sessions', coalesce(u.sessions, 0), 'failed', coalesce(u.failed, 0),
  'settled', coalesce(u.settled, 0), 'costNanos', coalesce(u.cost, 0),
  'unpricedTokens', coalesce(u.unpriced, 0)`;

/** An instant as text in RFC 3339; null stays null. */
export const iso = (sql: Sql) => Prisma.sql`to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The columns as they stand in an answer. */
export const countsOf = (facts: UseFacts) => ({
  sessions: facts.sessions,
  failed: facts.failed,
  settled: facts.settled,
  cost_nanos: facts.costNanos,
  unpriced_tokens: facts.unpricedTokens,
  last_used_at: facts.lastUsedAt,
});
