import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { invalidField } from "@/lib/http/errors";
import { SessionsCursor } from "./cursor";
import { conditionsOf, type Sql } from "./filter-store";
import {
  codesTell,
  estimateRows,
  everything,
  gather,
  inOrder,
  isCovered,
  isUnfiltered,
  type List,
  pageOf,
  type Sort,
  walk,
  walkByCodes,
} from "./list-ways-store";
import type { SessionsQuery } from "./query-schema";
import { instantOf, sessionItemOf, sessionJson } from "./row-store";
import type { SessionItem, SessionsPage } from "./schema";
import { readSearch } from "./search-store";

const SORTS: Record<SessionsQuery["sort"], Sort> = {
  started_at: { column: "started_at", type: "timestamptz", nullable: true },
  settled_at: { column: "settled_at", type: "timestamptz", nullable: true },
  last_event_at: { column: "last_event_at", type: "timestamptz", nullable: true },
  cost: { column: "computed_nanos", type: "bigint", nullable: false },
  duration: { column: "duration_ms", type: "bigint", nullable: true },
  tokens: { column: "total_tokens", type: "bigint", nullable: false },
  tool_errors: { column: "tool_errors", type: "bigint", nullable: false },
};

/** Where one way to a page is given up for another. */
export type Ways = {
  /** Rows looked at along the order before the matches are gathered. */
  nearRows: number;
  /** More matches than this are not sorted; the walk goes on until the page is full. */
  sortableRows: number;
  /** Words in more messages than this are common: then sessions are asked for them one by one. */
  rareMessages: number;
};
const WAYS: Ways = { nearRows: 3000, sortableRows: 100_000, rareMessages: 2000 };
/** Entries of an order's index that are passed in the time of one row beside it, and of one gathered. */
const ENTRIES_A_NEAR_ROW = 2;
const ENTRIES_A_GATHERED_ROW = 4;
/** Codes that fit may still be followed by a filter that does not. */
const MOST_TRIED = 1000;

type Row = SessionItem & { sort_value: string | null };
type Asked = List & { now: Date; ways: Ways };

/**
 * One page of the list. Three ways lead to it, each quick where the others are slow: along the
 * order's index for filters that many match; when the next few thousand rows do not fill the page,
 * all matches by the filters' indexes, sorted, but where the order's index alone tells what matches
 * only after walking on as long as gathering would take; and along the order without a bound when
 * there are more matches than can be sorted quickly.
 */
export async function readSessions(
  workspace: string,
  query: SessionsQuery,
  { now = new Date(), db = prisma as Db, ways = WAYS } = {},
): Promise<SessionsPage> {
  const sort = SORTS[query.sort];
  const search = await readSearch(workspace, query.q, { rare: ways.rareMessages, db });
  if (search === "nothing") return { data: [], next_cursor: null };
  const list: Asked = {
    workspace,
    sort,
    descending: query.order === "desc",
    conditions: [...conditionsOf(query), ...search],
    cursor: readCursor(query),
    want: query.limit + 1,
    now,
    ways,
  };
  const { from, by, order } = query;
  const rows =
    from && by === "active" && order === "asc" && sort.type === "timestamptz"
      ? await readFromStart(list, from, db)
      : await readRows(list, db);
  const data = rows.slice(0, query.limit).map(({ sort_value, ...item }) => item);
  const last = rows[query.limit - 1];
  if (rows.length < list.want || !last) return { data, next_cursor: null };
  const { sort: s, order: o } = query;
  const place: SessionsCursor = {
    s,
    o,
    v: last.sort_value,
    i: last.id,
    c: last.connection_id ?? "",
  };
  return { data, next_cursor: encodeCursor(place) };
}

function readCursor({ cursor, sort, order }: SessionsQuery): SessionsCursor | null {
  if (cursor === undefined) return null;
  const place = decodeCursor(SessionsCursor, cursor);
  if (place.s !== sort || place.o !== order)
    throw invalidField("cursor", `it was given out for ${place.s} ${place.o}; start without one`);
  const isInstant = place.v?.includes("T") ?? SORTS[sort].type === "timestamptz";
  if (place.v !== null && isInstant !== (SORTS[sort].type === "timestamptz"))
    throw invalidField("cursor", "expected a cursor this list has given out");
  return place;
}

/**
 * A range of activity, oldest first: along the order stands everything that ended before the range.
 * So first those that only reach into it, which are few; then the order from the range's start on;
 * then those without a value.
 */
async function readFromStart(list: Asked, from: string, db: Db): Promise<Row[]> {
  const column = Prisma.raw(`s.${list.sort.column}`);
  const start = Prisma.sql`${from}::timestamptz`;
  const parts = [
    { sql: Prisma.sql`${column} < ${start}` },
    { sql: Prisma.sql`${column} >= ${start}`, column: list.sort.column },
    { sql: Prisma.sql`${column} is null` },
  ];
  const rows: Row[] = [];
  for (const part of list.cursor?.v === null ? parts.slice(2) : parts) {
    if (rows.length >= list.want) break;
    const conditions = [...list.conditions, { ...part, covered: true }];
    const rest = { ...list, conditions, want: list.want - rows.length };
    const found =
      "column" in part
        ? await readRows(rest, db)
        : await fetchRows(rest, pageOf(rest, gather(rest)), db);
    rows.push(...found);
  }
  return rows;
}

async function readRows(list: Asked, db: Db): Promise<Row[]> {
  if (isUnfiltered(list)) return walkAll(list, db);
  const { nearRows, sortableRows } = list.ways;
  const told = codesTell(list);
  const near = await fetchRows(
    list,
    told === "nothing"
      ? walk(list, partOf(list), nearRows)
      : walkByCodes(list, partOf(list), nearRows * ENTRIES_A_NEAR_ROW, MOST_TRIED),
    db,
  );
  if (near.length >= list.want) return near;
  const matches = gather(list);
  const estimate = await estimateRows(matches, db);
  const far = told === "all" && !isCovered(list) ? await walkFar(list, estimate, db) : [];
  if (far.length >= list.want) return far;
  if (estimate > sortableRows) return walkAll(list, db);
  return fetchRows(list, pageOf(list, matches), db);
}

const partOf = ({ cursor }: List) => (cursor?.v === null ? "nulls" : "values");

/** By the order's index alone, as far as it takes less time than gathering the matches. */
async function walkFar(list: Asked, estimate: number, db: Db): Promise<Row[]> {
  const entries = Math.ceil(estimate * ENTRIES_A_GATHERED_ROW);
  if (entries <= list.ways.nearRows * ENTRIES_A_NEAR_ROW) return [];
  // Without a bound, its entries are passed twice as fast.
  const bound = 2 * entries > (await estimateRows(everything(list), db)) ? null : entries;
  // Different values may share a code: then a row more is looked at.
  return fetchRows(list, walkByCodes(list, partOf(list), bound, 2 * list.want), db);
}

async function walkAll(list: Asked, db: Db): Promise<Row[]> {
  const rows = list.cursor?.v === null ? [] : await fetchRows(list, walk(list, "values", null), db);
  const rest = { ...list, want: list.want - rows.length };
  if (rest.want === 0 || !list.sort.nullable) return rows;
  return [...rows, ...(await fetchRows(list, walk(rest, "nulls", null), db))];
}

async function fetchRows(list: Asked, keys: Sql, db: Db): Promise<Row[]> {
  const value =
    list.sort.type === "timestamptz" ? instantOf(Prisma.sql`k.v`) : Prisma.sql`k.v::text`;
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    with keys as materialized (${keys})
    select json_agg(json_build_array(${sessionJson(list.now)}, ${value}) order by ${inOrder(list)})::text as rows
    from keys k join session s on s.workspace = ${list.workspace}
      and s.session_id = k.session_id and s.connection_id = k.connection_id`;
  const rows = JSON.parse(row?.rows ?? "[]") as [SessionJson, string | null][];
  return rows.map(([json, sort_value]) => ({ ...sessionItemOf(json), sort_value }));
}
type SessionJson = Parameters<typeof sessionItemOf>[0];
