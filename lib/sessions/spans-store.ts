import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { SpansCursor } from "./cursor";
import { instantFromJson } from "./instant";
import type { TraceQuery } from "./query-schema";
import { utcOf } from "./row-store";
import { SPAN_KINDS, type SpanItem, type SpanState } from "./schema";
import { alongOrder, type SessionKey, threadCondition } from "./store";

/** Instants in the form of `normalInstant`. */
export type SpanRow = {
  id: string;
  /** Start, else end. */
  at: string;
  kind: SpanItem["kind"];
  thread: string;
  name: string;
  started: string | null;
  ended: string | null;
  state: SpanState;
  tokens: TokenColumns;
  startEvent: string | null;
  endEvent: string | null;
  attributes: Record<string, unknown>;
};
/** Input, cache writes, cache reads, output. */
export type TokenColumns = [number | null, number | null, number | null, number | null];

/** Spans of at least this length, and those without an end, are in the index `span_long`. */
const LONG = Prisma.sql`interval '1 minute'`;
/** The very words of that index. */
export const isLong = Prisma.sql`(ended_at is null or ended_at - at >= ${LONG})`;
export const lookBack = (instant: Prisma.Sql) => Prisma.sql`${instant} - ${LONG}`;

/** Spans in the window, earliest first, one more than a page has. */
export async function readSpans(
  key: SessionKey,
  query: TraceQuery,
  cursor: SpansCursor | null,
  db: Db,
): Promise<SpanRow[]> {
  const [row] = await db.$queryRaw<{ columns: string }[]>`
    select json_build_object(${COLUMNS})::text as columns
    from (${windowOf(key, query, cursor)}) e having count(*) > 0`;
  return row ? spanRows(JSON.parse(row.columns)) : [];
}

/**
 * What lies in the window or reaches into it; an open span reaches on. Three ranges of indexes: long
 * spans from before it, short ones from just before it, and all that begins in it.
 */
export function windowOf(key: SessionKey, query: TraceQuery, cursor: SpansCursor | null) {
  const wanted = [
    alongOrder(key),
    Prisma.sql`kind = any(${query.kinds ?? [...SPAN_KINDS]}::text[])`,
    threadCondition(query.thread),
  ];
  if (query.to) wanted.push(Prisma.sql`at < ${query.to}::timestamptz`);
  if (cursor)
    wanted.push(Prisma.sql`(at, id) > (${cursor.k[0]}::timestamptz, ${cursor.k[1]}::text)`);
  const spans = (...more: Prisma.Sql[]) =>
    Prisma.sql`select * from span where ${Prisma.join([...wanted, ...more], " and ")}`;
  const page = Prisma.sql`order by at, id limit ${query.limit + 1}`;
  if (!query.from) return Prisma.sql`${spans(Prisma.sql`at is not null`)} ${page}`;
  const from = Prisma.sql`${query.from}::timestamptz`;
  const before = Prisma.sql`at < ${from}`;
  const reaches = Prisma.sql`(ended_at >= ${from} or (ended_at is null and state = 'open'))`;
  return Prisma.sql`
    ${spans(before, isLong, reaches)}
    union all
    ${spans(before, Prisma.sql`at >= ${lookBack(from)}`, Prisma.sql`ended_at - at < ${LONG}`, reaches)}
    union all
    (${spans(Prisma.sql`at >= ${from}`)} ${page})
    ${page}`;
}

/** What is read of a span; times without zone, for `instantFromJson`. */
type SpanJson = {
  id: string;
  kind: SpanRow["kind"];
  thread_id: string;
  name: string;
  state: SpanState;
  start_event_id: string | null;
  end_event_id: string | null;
  attributes: SpanRow["attributes"];
  input_tokens: number | null;
  cache_write_tokens: number | null;
  cache_read_tokens: number | null;
  output_tokens: number | null;
  at: string;
  started_at: string | null;
  ended_at: string | null;
};
const PLAIN =
  "id kind thread_id name state start_event_id end_event_id attributes input_tokens cache_write_tokens cache_read_tokens output_tokens";

// A list a column: less work for the database than a list a row, and less to parse.
const COLUMNS = Prisma.join([
  ...PLAIN.split(" ").map((name) => Prisma.raw(`'${name}', json_agg(e.${name})`)),
  ...["at", "started_at", "ended_at"].map(
    (name) => Prisma.sql`${Prisma.raw(`'${name}'`)}, json_agg(${utcOf(`e.${name}`)})`,
  ),
]);
type Columns = { [Name in keyof SpanJson]: SpanJson[Name][] };

function spanRows({ id: ids, ...columns }: Columns): SpanRow[] {
  return ids.map((id, i) => {
    const started = columns.started_at[i] as SpanJson["started_at"];
    const ended = columns.ended_at[i] as SpanJson["ended_at"];
    return {
      id,
      at: instantFromJson(columns.at[i] as string),
      kind: columns.kind[i] as SpanJson["kind"],
      thread: columns.thread_id[i] as string,
      name: columns.name[i] as string,
      started: started && instantFromJson(started),
      ended: ended && instantFromJson(ended),
      state: columns.state[i] as SpanState,
      tokens: [
        columns.input_tokens[i] ?? null,
        columns.cache_write_tokens[i] ?? null,
        columns.cache_read_tokens[i] ?? null,
        columns.output_tokens[i] ?? null,
      ],
      startEvent: columns.start_event_id[i] ?? null,
      endEvent: columns.end_event_id[i] ?? null,
      attributes: columns.attributes[i] as SpanJson["attributes"],
    };
  });
}
