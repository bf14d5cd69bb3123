import { z } from "zod";
import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { invalidField } from "@/lib/http/errors";
import { CAUSE, RELIST, type Sql, SYNC, settledIn } from "./reconcile-parts-store";
import {
  type ReconcileFilter,
  ReconcileSession,
  type ReconcileSessionsPage,
  type ReconcileSessionsQuery,
} from "./reconcile-schema";
import { driftRatio } from "./reconcile-sums";

/** What the worst come first by. */
const SIZES: Record<ReconcileFilter["show"], Sql> = {
  drift: Prisma.sql`abs(s.drift_nanos)`,
  tokens: Prisma.sql`s.token_gap`,
};

/** A place among sessions: how far the last one seen is off, and its key. */
const SessionCursor = z.object({
  s: z.enum(["drift", "tokens"]),
  v: z.string().regex(/^\d{1,19}$/),
  i: z.string().max(256),
  c: z.string().max(256),
});
type SessionCursor = z.infer<typeof SessionCursor>;

const Row = z.object({ item: ReconcileSession.omit({ drift_ratio: true }), size: z.string() });

/** The sessions behind the figures, those that are farthest off first. */
export async function readReconcileSessions(
  workspace: string,
  query: ReconcileSessionsQuery,
  db: Db = prisma,
): Promise<ReconcileSessionsPage> {
  const { show, limit } = query;
  const size = SIZES[show];
  const place = readCursor(query);
  const beyond = place
    ? Prisma.sql`(${size}, s.session_id, s.connection_id) < (${place.v}::bigint, ${place.i}, ${place.c})`
    : Prisma.sql`true`;
  const rows = await db.$queryRaw<{ row: string }[]>`
    select json_build_object('size', (${size})::text, 'item', ${ITEM})::text as row
    from (select s.* from session s
      where ${settledIn(workspace, query)} and ${conditionOf(query)} and ${beyond}
      order by ${size} desc, s.session_id desc, s.connection_id desc limit ${limit + 1}) s ${SYNC}
    order by ${size} desc, s.session_id desc, s.connection_id desc`;
  const found = rows.map(({ row }) => Row.parse(JSON.parse(row)));
  const data = found.slice(0, limit).map(({ item }) => ({
    ...item,
    drift_ratio: driftRatio(item.drift_nanos ?? 0, item.list_nanos ?? 0),
  }));
  const last = found.length > limit ? found[limit - 1] : undefined;
  if (!last) return { data, next_cursor: null };
  const { id, connection_id } = last.item;
  return {
    data,
    next_cursor: encodeCursor({ s: show, v: last.size, i: id, c: connection_id ?? "" }),
  };
}

function readCursor({ cursor, show }: ReconcileSessionsQuery): SessionCursor | null {
  if (cursor === undefined) return null;
  const place = decodeCursor(SessionCursor, cursor);
  if (place.s !== show)
    throw invalidField("cursor", `it was given out for show=${place.s}; start without one`);
  return place;
}

function conditionOf({ show, cause, agent }: ReconcileFilter): Sql {
  const conditions = [
    show === "tokens" ? Prisma.sql`s.token_gap > 0` : Prisma.sql`s.drift_nanos is not null`,
    ...(cause === undefined ? [] : [Prisma.sql`s.drift_nanos is not null and ${CAUSE} = ${cause}`]),
    ...(agent === undefined ? [] : [Prisma.sql`s.agent_id = ${agent}`]),
  ];
  return Prisma.join(conditions, " and ");
}

const ITEM = Prisma.sql`json_build_object('id', s.session_id,
  'connection_id', nullif(s.connection_id, ''), 'title', s.title,
  'agent', json_build_object('id', s.agent_id, 'name', s.agent_name), 'model', s.model,
  'source', s.source, 'outcome', s.outcome,
  'settled_at', to_char(s.settled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'computed_nanos', s.computed_nanos, 'list_nanos', s.list_cost_cents * 10000000,
  'drift_nanos', s.drift_nanos,
  'billed_nanos', (select sum(b.amount_nanos) from billed_cost b where b.workspace = s.workspace
    and b.connection_id = s.connection_id and b.session_id = s.session_id),
  'cause', case when s.drift_nanos is null then null else ${CAUSE} end,
  'causes', coalesce(s.drift_causes, '{}'), 'price_book', s.price_book,
  'usage', case when s.usage_at is null then null else json_build_object(
    'input_tokens', s.input_tokens,
    'cache_write_tokens', s.cache_write_5m_tokens + s.cache_write_1h_tokens,
    'cache_write_5m_tokens', s.cache_write_5m_tokens,
    'cache_write_1h_tokens', s.cache_write_1h_tokens,
    'cache_read_tokens', s.cache_read_tokens, 'output_tokens', s.output_tokens) end,
  'spans', json_build_object('input_tokens', s.span_input_tokens,
    'cache_write_tokens', s.span_cache_write_tokens,
    'cache_read_tokens', s.span_cache_read_tokens, 'output_tokens', s.span_output_tokens),
  'token_gap', s.token_gap, 'relist', ${RELIST})`;
