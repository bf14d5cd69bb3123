import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { invalidField } from "@/lib/http/errors";
import { SpansCursor } from "./cursor";
import type { TurnItem, TurnsPage, TurnsQuery } from "./detail-schema";
import { instantFromJson, microsOf } from "./instant";
import type { Named } from "./named";
import { instantOf, utcOf } from "./row-store";
import type { SpanState } from "./schema";
import { costOfSpan, type Pricing } from "./span-cost";
import { alongOrder, readKey, readPricing, type SessionKey } from "./store";
import { shownState } from "./trace";
import { tokensOf } from "./trace-store";

/** A session's turns with what happened in each, child threads included. Throws `not_found`. */
export async function readTurns(
  workspace: string,
  named: Named,
  query: Omit<TurnsQuery, "connection">,
  db: Db = prisma,
): Promise<TurnsPage> {
  const key = await readKey(workspace, named, db);
  const cursor = query.cursor === undefined ? null : decodeCursor(SpansCursor, query.cursor);
  if (cursor && cursor.o !== query.order)
    throw invalidField("cursor", `it was given out for order ${cursor.o}; start without one`);
  const [pricing, found] = await Promise.all([
    readPricing(key, db),
    readRows(key, query, cursor, db),
  ]);
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  const more = found.length > query.limit && last !== undefined;
  return {
    data: rows.map((row) => turnOf(row, pricing, key)),
    next_cursor: more ? encodeCursor({ k: [last.at, last.id], o: query.order }) : null,
  };
}

type Tokens = [number | null, number | null, number | null, number | null];
type Request = [kind: string, thread: string, at: string, tokens: Tokens, speed: string | null];
type TurnRow = {
  id: string;
  at: string;
  started: string | null;
  ended: string | null;
  state: SpanState;
  next_at: string | null;
  attributes: { number?: number; stop_reason?: string; interrupted?: boolean };
  requests: Request[] | null;
  model_requests: number;
  tool_calls: number;
  errors: number;
};

const at = (column: string) => instantOf(Prisma.raw(column));

/**
 * A turn's share is what began in it: until the next turn of the primary thread begins. That is the
 * one beside it on the page; for the newest turn of a page against the order, the page's own cursor.
 */
async function readRows(
  key: SessionKey,
  { order, limit }: Pick<TurnsQuery, "order" | "limit">,
  cursor: SpansCursor | null,
  db: Db,
): Promise<TurnRow[]> {
  const way = Prisma.raw(order);
  const beyond = cursor
    ? Prisma.sql`(at, id) ${Prisma.raw(order === "asc" ? ">" : "<")} (${cursor.k[0]}::timestamptz, ${cursor.k[1]}::text)`
    : Prisma.sql`true`;
  const later = order === "desc" && cursor ? cursor.k[0] : null;
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    with page as (
      select id, at, started_at, ended_at, state, attributes,
        lead(at, 1, ${later}::timestamptz) over (order by at, id) as next_at
      from (select * from span where ${alongOrder(key)} and kind = 'turn' and thread_id = ''
          and at is not null and ${beyond}
        order by at ${way}, id ${way} limit ${limit + 1}) s)
    select json_agg(json_build_object('id', p.id, 'at', ${at("p.at")}, 'started', ${at("p.started_at")},
      'ended', ${at("p.ended_at")}, 'state', p.state, 'next_at', ${at("p.next_at")},
      'attributes', p.attributes, 'requests', w.requests, 'model_requests', w.model_requests,
      'tool_calls', w.tool_calls, 'errors', w.errors) order by p.at ${way}, p.id ${way})::text as rows
    from page p cross join lateral (
      select count(*) filter (where kind = 'model_request') as model_requests,
        count(*) filter (where kind = 'tool' and start_event_id is not null) as tool_calls,
        count(*) filter (where (kind in ('tool', 'model_request') and state = 'error')
          or (kind = 'mark' and attributes ->> 'type' = 'session.error')) as errors,
        json_agg(json_build_array(kind, thread_id, ${utcOf("coalesce(ended_at, at)")},
          json_build_array(input_tokens, cache_write_tokens, cache_read_tokens, output_tokens),
          attributes ->> 'speed')) filter (where kind in ('model_request', 'outcome_evaluation')) as requests
      from span where ${alongOrder(key)} and span.at >= p.at
        and span.at < coalesce(p.next_at, 'infinity')) w`;
  return JSON.parse(row?.rows ?? "[]");
}

function turnOf(row: TurnRow, pricing: Pricing, key: SessionKey): TurnItem {
  const startUs = microsOf(row.at);
  const endUs = row.ended === null ? null : microsOf(row.ended);
  const sum = { nanos: 0, unpriced: 0, input: 0, writes: 0, reads: 0, output: 0 };
  for (const [kind, threadId, time, counts, speed] of row.requests ?? []) {
    const tokens = tokensOf(counts);
    const atUs = microsOf(instantFromJson(time));
    const cost = costOfSpan({ kind, threadId, tokens, speed, atUs }, pricing);
    sum.nanos += cost?.nanos ?? 0;
    sum.unpriced += cost?.unpricedTokens ?? 0;
    sum.input += tokens?.input ?? 0;
    sum.writes += tokens?.cacheWrite ?? 0;
    sum.reads += tokens?.cacheRead ?? 0;
    sum.output += tokens?.output ?? 0;
  }
  const newestTurnUs = row.next_at === null ? null : microsOf(row.next_at);
  const state = shownState({ state: row.state, startUs, newestTurnUs, sessionEnded: key.ended });
  return {
    id: row.id,
    number: row.attributes.number ?? null,
    started_at: row.started,
    ended_at: row.ended,
    duration_ms: endUs === null ? null : Math.max(0, Math.floor((endUs - startUs) / 1000)),
    state,
    outcome: outcomeWords(row.attributes, state),
    cost_nanos: sum.nanos,
    unpriced_tokens: sum.unpriced,
    usage: {
      input_tokens: sum.input,
      cache_write_tokens: sum.writes,
      cache_read_tokens: sum.reads,
      output_tokens: sum.output,
    },
    model_requests: row.model_requests,
    tool_calls: row.tool_calls,
    errors: row.errors,
  };
}

function outcomeWords(attributes: TurnRow["attributes"], state: SpanState): string {
  if (attributes.interrupted) return "interrupted";
  if (attributes.stop_reason) return attributes.stop_reason.replaceAll("_", " ");
  return state === "open" ? "running" : "unknown";
}
