import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { largeText } from "@/lib/db/large-text";
import { linesOf } from "@/lib/db/lines";
import { isoFromMicros } from "@/lib/time/micros";
import type { Days } from "./event-store";
import { LIFECYCLE_KINDS } from "./lifecycle-spans";
import type { JsonObject, Origin, Span } from "./schema";

export type SessionSpans = { sessionId: string; spans: Span[] };

export type SpanJson = [
  string,
  string,
  string,
  string,
  string,
  number | null,
  number | null,
  Span["state"],
  number | null,
  number | null,
  number | null,
  number | null,
  string | null,
  string | null,
  JsonObject,
];

/** A span `p` as a `SpanJson`, times in µs. */
export const SPAN_COLUMNS = Prisma.sql`json_build_array(p.session_id, p.id, p.kind, p.thread_id, p.name,
  (extract(epoch from p.started_at) * 1000000)::bigint,
  (extract(epoch from p.ended_at) * 1000000)::bigint, p.state, p.input_tokens,
  p.cache_write_tokens, p.cache_read_tokens, p.output_tokens, p.start_event_id, p.end_event_id,
  p.attributes)`;

/** Spans by session and id; ids that are not stored are left out. */
export async function readSpans(
  db: Db,
  origin: Origin,
  days: Days,
  ids: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<string, Span[]>> {
  const keys: Array<[string, string]> = [];
  for (const [sessionId, set] of ids) for (const id of set) keys.push([sessionId, id]);
  if (keys.length === 0) return new Map();
  const lines = linesOf(keys, [([s]) => s, ([, i]) => i, ([s]) => days.get(s)]);
  const rows = await db.$queryRaw<Array<{ found: string | null }>>`
    select json_agg(${SPAN_COLUMNS})::text as found
    from ${lines} as k(s, i, d, n)
    cross join lateral (
      select * from span
      where workspace = ${origin.workspace} and session_id = k.s
        and connection_id = ${origin.connectionId} and id = k.i and day = k.d::date
      limit 1) p
    where k.n > 1`;
  return grouped(rows[0]?.found ?? null);
}

/** A thread's turns, state segments, waits and expiries: what a late event makes anew. */
export async function readLifecycleSpans(
  db: Db,
  origin: Origin,
  key: { sessionId: string; day: string; threadId: string },
): Promise<Span[]> {
  const { sessionId, day, threadId } = key;
  return readSpansOf(db, origin, { sessionId, day, threadId, kinds: [...LIFECYCLE_KINDS] });
}

/** All spans of one session. */
export async function readSessionSpans(
  db: Db,
  origin: Origin,
  key: { sessionId: string; day: string },
): Promise<Span[]> {
  return readSpansOf(db, origin, { ...key, threadId: null, kinds: null });
}

async function readSpansOf(
  db: Db,
  origin: Origin,
  key: { sessionId: string; day: string; threadId: string | null; kinds: string[] | null },
): Promise<Span[]> {
  const { sessionId, day, threadId, kinds } = key;
  const rows = await db.$queryRaw<Array<{ found: string | null }>>`
    select json_agg(${SPAN_COLUMNS})::text as found from span p
    where p.workspace = ${origin.workspace} and p.session_id = ${sessionId}
      and p.connection_id = ${origin.connectionId} and p.day = ${day}::date
      and (${threadId}::text is null or p.thread_id = ${threadId})
      and (${kinds}::text[] is null or p.kind = any(${kinds}::text[]))`;
  return grouped(rows[0]?.found ?? null).get(sessionId) ?? [];
}

function grouped(found: string | null): Map<string, Span[]> {
  const bySession = new Map<string, Span[]>();
  for (const row of JSON.parse(found ?? "[]") as SpanJson[]) {
    const spans = bySession.get(row[0]) ?? [];
    bySession.set(row[0], spans);
    spans.push(spanOf(row));
  }
  return bySession;
}

export function spanOf(row: SpanJson): Span {
  const [, id, kind, threadId, name, startedUs, endedUs, state, input, write, read, output] = row;
  return {
    id,
    kind,
    threadId,
    name,
    startedUs,
    endedUs,
    state,
    tokens:
      input === null
        ? null
        : { input, cacheWrite: write ?? 0, cacheRead: read ?? 0, output: output ?? 0 },
    startEventId: row[12],
    endEventId: row[13],
    attributes: row[14],
  };
}

export async function writeSpans(
  db: Db,
  origin: Origin,
  days: Days,
  changed: readonly SessionSpans[],
): Promise<void> {
  const rows = changed.flatMap(({ sessionId, spans }) =>
    spans.map((span) => ({ sessionId, span })),
  );
  if (rows.length === 0) return;
  const lines = linesOf(rows, [
    ({ sessionId }) => sessionId,
    ({ span }) => span.id,
    ({ sessionId }) => days.get(sessionId),
    ({ span }) => span.kind,
    ({ span }) => span.threadId,
    ({ span }) => span.name,
    ({ span }) => iso(span.startedUs),
    ({ span }) => iso(span.endedUs),
    ({ span }) => span.state,
    ({ span }) => span.tokens?.input,
    ({ span }) => span.tokens?.cacheWrite,
    ({ span }) => span.tokens?.cacheRead,
    ({ span }) => span.tokens?.output,
    ({ span }) => span.startEventId,
    ({ span }) => span.endEventId,
    ({ span }) => JSON.stringify(span.attributes),
  ]);
  await db.$executeRaw`
    insert into span (workspace, session_id, connection_id, id, day, kind, thread_id, name, at,
      started_at, ended_at, state, input_tokens, cache_write_tokens, cache_read_tokens,
      output_tokens, start_event_id, end_event_id, attributes)
    select ${origin.workspace}, s, ${origin.connectionId}, i, d::date, k, t, nm,
      coalesce(nullif(b, ''), nullif(e, ''))::timestamptz, nullif(b, '')::timestamptz,
      nullif(e, '')::timestamptz, st, nullif(ti, '')::bigint, nullif(tw, '')::bigint,
      nullif(tr, '')::bigint, nullif(tu, '')::bigint, nullif(se, ''), nullif(ee, ''), x::jsonb
    from ${lines} as r(s, i, d, k, t, nm, b, e, st, ti, tw, tr, tu, se, ee, x, n) where n > 1
    on conflict (workspace, session_id, connection_id, id, day) do update set
      kind = excluded.kind, thread_id = excluded.thread_id, name = excluded.name, at = excluded.at,
      started_at = excluded.started_at, ended_at = excluded.ended_at, state = excluded.state,
      input_tokens = excluded.input_tokens, cache_write_tokens = excluded.cache_write_tokens,
      cache_read_tokens = excluded.cache_read_tokens, output_tokens = excluded.output_tokens,
      start_event_id = excluded.start_event_id, end_event_id = excluded.end_event_id,
      attributes = excluded.attributes`;
}

export async function deleteSpans(
  db: Db,
  origin: Origin,
  days: Days,
  gone: ReadonlyArray<{ sessionId: string; ids: string[] }>,
): Promise<void> {
  const keys = gone.flatMap(({ sessionId, ids }) =>
    ids.map((id) => ({ s: sessionId, i: id, d: days.get(sessionId) })),
  );
  if (keys.length === 0) return;
  await db.$executeRaw`
    delete from span p using json_to_recordset(${largeText(JSON.stringify(keys))}::json) as k(s text, i text, d date)
    where p.workspace = ${origin.workspace} and p.session_id = k.s
      and p.connection_id = ${origin.connectionId} and p.id = k.i and p.day = k.d`;
}

export async function deleteAllSpans(
  db: Db,
  origin: Origin,
  key: { sessionId: string; day: string },
): Promise<void> {
  await db.$executeRaw`
    delete from span where workspace = ${origin.workspace} and session_id = ${key.sessionId}
      and connection_id = ${origin.connectionId} and day = ${key.day}::date`;
}

function iso(us: number | null): string | null {
  return us === null ? null : isoFromMicros(us);
}
