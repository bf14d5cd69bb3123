import { randomUUID } from "node:crypto";
import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { SpansCursor } from "./cursor";
import { instantFromJson } from "./instant";
import type { TraceQuery } from "./query-schema";
import { utcOf } from "./row-store";
import { SPAN_KINDS, type SpanItem, type SpanState } from "./schema";
import { alongOrder, type SessionKey, threadCondition } from "./store";

const { raw } = Prisma;

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

/** Of longer pages of longer sessions the halves are read beside each other: most of the time goes into writing them out. */
const WHOLE = 500;

/** Spans in the window, earliest first, one more than a page has. */
export async function readSpans(
  key: SessionKey,
  query: TraceQuery,
  cursor: SpansCursor | null,
  db: Db,
): Promise<SpanRow[]> {
  const spans = windowOf(key, query, cursor);
  if (Math.min(query.limit, key.events) <= WHOLE) return readRows(spans, db);
  const middle = Math.ceil(query.limit / 2);
  const part = (range: Prisma.Sql) => readRows(Prisma.sql`select * from (${spans}) w ${range}`, db);
  const [first, second] = await Promise.all([
    part(Prisma.sql`limit ${middle}`),
    part(Prisma.sql`offset ${middle - 1}`),
  ]);
  const [before, after] = [first.at(-1), second[0]];
  if (first.length < middle) return first;
  // Where what is written meanwhile has moved the middle, they do not fit together.
  const fits = before?.id === after?.id && before?.thread === after?.thread;
  return fits ? [...first, ...second.slice(1)] : readRows(spans, db);
}

async function readRows(spans: Prisma.Sql, db: Db): Promise<SpanRow[]> {
  for (let between = "\u0001"; ; between = `\u0001${randomUUID()}`) {
    const [texts] = await db.$queryRaw<Texts[]>`
      select ${columnsOf(between)} from (${spans}) e having count(*) > 0`;
    const rows = texts ? rowsOf(texts, between) : [];
    if (rows) return rows;
  }
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

const WORDS = [
  "id",
  "kind",
  "thread_id",
  "name",
  "state",
  "start_event_id",
  "end_event_id",
] as const;
const TOKENS = [
  "input_tokens",
  "cache_write_tokens",
  "cache_read_tokens",
  "output_tokens",
] as const;
/** Without zone, for `instantFromJson`. */
const TIMES = ["started_at", "ended_at"] as const;
type Texts = Record<(typeof WORDS | typeof TOKENS | typeof TIMES)[number] | "attributes", string>;

/**
 * A text a column: less work for the database than one a row, and less to take apart. Words stand one
 * behind the other, which costs it a third less than JSON of them; of events `''` is null.
 */
function columnsOf(between: string): Prisma.Sql {
  return Prisma.join([
    ...WORDS.map(
      (name) =>
        Prisma.sql`string_agg(coalesce(${raw(`e.${name}`)}, ''), ${between}) as ${raw(name)}`,
    ),
    ...["attributes", ...TOKENS].map((name) => raw(`json_agg(e.${name})::text as ${name}`)),
    ...TIMES.map((name) => Prisma.sql`json_agg(${utcOf(`e.${name}`)})::text as ${raw(name)}`),
  ]);
}

/** Null when some of the words hold what was to stand between them. */
function rowsOf(texts: Texts, between: string): SpanRow[] | null {
  const attributes: SpanRow["attributes"][] = JSON.parse(texts.attributes);
  const words = WORDS.map((name) => texts[name].split(between));
  if (words.some(({ length }) => length !== attributes.length)) return null;
  const [ids = [], kinds = [], threads = [], names = [], states = [], starts = [], ends = []] =
    words;
  const tokens = TOKENS.map((name): TokenColumns[number][] => JSON.parse(texts[name]));
  const [input = [], cacheWrite = [], cacheRead = [], output = []] = tokens;
  const [began = [], ended = []] = TIMES.map((name): (string | null)[] => JSON.parse(texts[name]));
  const at = (instants: (string | null)[], i: number) => {
    const text = instants[i] ?? null;
    return text && instantFromJson(text);
  };
  return attributes.map((own, i) => {
    const [startedAt, endedAt] = [at(began, i), at(ended, i)];
    return {
      id: ids[i] ?? "",
      at: startedAt ?? endedAt ?? "",
      kind: kinds[i] as SpanRow["kind"],
      thread: threads[i] ?? "",
      name: names[i] ?? "",
      started: startedAt,
      ended: endedAt,
      state: states[i] as SpanState,
      tokens: [input[i] ?? null, cacheWrite[i] ?? null, cacheRead[i] ?? null, output[i] ?? null],
      startEvent: starts[i] || null,
      endEvent: ends[i] || null,
      attributes: own,
    };
  });
}
