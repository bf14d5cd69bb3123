import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { invalidField } from "@/lib/http/errors";
import { decodeCursor, encodeCursor, SessionsCursor } from "./cursor";
import { allOf, type Condition, conditionsOf, type Sql } from "./filter-store";
import type { SessionsQuery } from "./query-schema";
import { instantOf, sessionItemOf, sessionJson } from "./row-store";
import type { SessionItem, SessionsPage } from "./schema";
import { readSearch } from "./search-store";

type Sort = { column: string; type: "timestamptz" | "bigint"; nullable: boolean };
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

type Row = SessionItem & { sort_value: string | null };
type List = {
  workspace: string;
  sort: Sort;
  descending: boolean;
  conditions: Condition[];
  cursor: SessionsCursor | null;
  want: number;
  now: Date;
  ways: Ways;
};

/**
 * One page of the list. Three ways lead to it, each quick where the others are slow: along the
 * order's index for filters that many match; when the next 3,000 rows do not fill the page, all
 * matches by the filters' indexes, sorted; and along the order without a bound when there are more
 * matches than can be sorted quickly.
 */
export async function readSessions(
  workspace: string,
  query: SessionsQuery,
  { now = new Date(), db = prisma as Db, ways = WAYS } = {},
): Promise<SessionsPage> {
  const sort = SORTS[query.sort];
  const search = await readSearch(workspace, query.q, { rare: ways.rareMessages, db });
  if (search === "nothing") return { data: [], next_cursor: null };
  const list: List = {
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
async function readFromStart(list: List, from: string, db: Db): Promise<Row[]> {
  const column = columnOf(list);
  const start = Prisma.sql`${from}::timestamptz`;
  const parts = [
    { sql: Prisma.sql`${column} < ${start}` },
    { sql: Prisma.sql`${column} >= ${start}`, column: list.sort.column },
    { sql: Prisma.sql`${column} is null` },
  ];
  const rows: Row[] = [];
  const inNulls = list.cursor !== null && list.cursor.v === null;
  for (const part of inNulls ? parts.slice(2) : parts) {
    if (rows.length >= list.want) break;
    const conditions = [...list.conditions, { ...part, covered: true }];
    const rest = { ...list, conditions, want: list.want - rows.length };
    const inOrder = "column" in part;
    rows.push(
      ...(inOrder
        ? await readRows(rest, db)
        : await fetchRows(rest, pageOf(rest, gather(rest)), db)),
    );
  }
  return rows;
}

async function readRows(list: List, db: Db): Promise<Row[]> {
  const outside = list.conditions.filter(({ column }) => column !== list.sort.column);
  if (outside.length === 0) return walkAll(list, outside, db);
  const inNulls = list.cursor !== null && list.cursor.v === null;
  const near = await fetchRows(
    list,
    walk(list, outside, { nulls: inNulls, bound: list.ways.nearRows }),
    db,
  );
  if (near.length >= list.want) return near;
  const matches = gather(list);
  if ((await estimateRows(matches, db)) > list.ways.sortableRows) return walkAll(list, outside, db);
  return fetchRows(list, pageOf(list, matches), db);
}

async function walkAll(list: List, outside: Condition[], db: Db): Promise<Row[]> {
  const inNulls = list.cursor !== null && list.cursor.v === null;
  const rows = inNulls
    ? []
    : await fetchRows(list, walk(list, outside, { nulls: false, bound: null }), db);
  const rest = list.want - rows.length;
  if (rest === 0 || !list.sort.nullable) return rows;
  const nulls = walk({ ...list, want: rest }, outside, { nulls: true, bound: null });
  return [...rows, ...(await fetchRows(list, nulls, db))];
}

const columnOf = (list: List) => Prisma.raw(`s.${list.sort.column}`);
const way = (list: List) => Prisma.raw(list.descending ? "desc" : "asc");

/** Keys along the order's index: rows with a value, or those without one, which come last. */
function walk(
  list: List,
  outside: Condition[],
  { nulls, bound }: { nulls: boolean; bound: number | null },
): Sql {
  const column = columnOf(list);
  const inside = list.conditions.filter((condition) => condition.column === list.sort.column);
  const order = Prisma.sql`${column} ${way(list)}, s.session_id ${way(list)}, s.connection_id ${way(list)}`;
  // Either the bound or `offset 0` keeps the planner from taking the two levels for one.
  return Prisma.sql`
    select s.session_id, s.connection_id, ${column} as v
    from (select s.* from session s
      where s.workspace = ${list.workspace}
        and ${column} ${Prisma.raw(nulls ? "is null" : "is not null")}
        and ${allOf(inside, "plain")} and ${afterCursor(list, nulls ? "nulls" : "values")}
      order by ${order}
      ${bound === null ? Prisma.sql`offset 0` : Prisma.sql`limit ${bound}`}) s
    where ${allOf(outside, "plain")}
    order by ${order}
    limit ${list.want}`;
}

/** Keys of every match beyond the cursor, by the filters' own indexes; late conditions are left out. */
function gather(list: List): Sql {
  const conditions = list.conditions.filter(({ late }) => !late);
  const ofAgent = conditions.some(({ facet }) => facet === "agent" || facet === "agent_version");
  const form = ofAgent && conditions.every(({ covered }) => covered) ? "plain" : "sql";
  const divided = conditions.find(({ cases }) => cases);
  const rest = conditions.filter((condition) => condition !== divided);
  const parts = (divided?.cases ?? [Prisma.sql`true`]).map(
    (one) => Prisma.sql`
      select s.session_id, s.connection_id, ${columnOf(list)} as v from session s
      where s.workspace = ${list.workspace} and ${one} and ${allOf(rest, form)}
        and ${afterCursor(list, list.sort.nullable ? "all" : "values")}`,
  );
  return Prisma.join(parts, " union all ");
}

function pageOf(list: List, matches: Sql): Sql {
  const late = list.conditions.filter((condition) => condition.late);
  const order = Prisma.sql`v ${way(list)} nulls last, session_id ${way(list)}, connection_id ${way(list)}`;
  const holds = Prisma.sql`(select ${allOf(late)} from session s
    where s.workspace = ${list.workspace} and s.session_id = m.session_id and s.connection_id = m.connection_id)`;
  return Prisma.sql`
    select m.*
    from (with matches as materialized (${matches}) select * from matches order by ${order} offset 0) m
    where ${late.length > 0 ? holds : Prisma.sql`true`}
    limit ${list.want}`;
}

/** Beyond the cursor: among rows with a value, among those without one (which come last), or in both. */
function afterCursor({ cursor, sort, descending }: List, part: "values" | "nulls" | "all"): Sql {
  if (cursor === null) return Prisma.sql`true`;
  const beyond = Prisma.raw(descending ? "<" : ">");
  const column = Prisma.raw(`s.${sort.column}`);
  const key = Prisma.sql`${cursor.i}::text, ${cursor.c}::text`;
  if (cursor.v === null) {
    const further = Prisma.sql`(s.session_id, s.connection_id) ${beyond} (${key})`;
    return part === "nulls" ? further : Prisma.sql`(${column} is null and ${further})`;
  }
  if (part === "nulls") return Prisma.sql`true`;
  const value = Prisma.sql`${cursor.v}::text::${Prisma.raw(sort.type)}`;
  const further = Prisma.sql`(${column}, s.session_id, s.connection_id) ${beyond} (${value}, ${key})`;
  return part === "values" ? further : Prisma.sql`(${further} or ${column} is null)`;
}

async function fetchRows(list: List, keys: Sql, db: Db): Promise<Row[]> {
  const value =
    list.sort.type === "timestamptz" ? instantOf(Prisma.sql`k.v`) : Prisma.sql`k.v::text`;
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    with keys as materialized (${keys})
    select json_agg(json_build_array(${sessionJson(list.now)}, ${value})
      order by k.v ${way(list)} nulls last, k.session_id ${way(list)}, k.connection_id ${way(list)})::text as rows
    from keys k join session s on s.workspace = ${list.workspace}
      and s.session_id = k.session_id and s.connection_id = k.connection_id`;
  const rows = JSON.parse(row?.rows ?? "[]") as [SessionJson, string | null][];
  return rows.map(([json, sort_value]) => ({ ...sessionItemOf(json), sort_value }));
}
type SessionJson = Parameters<typeof sessionItemOf>[0];

/** The planner's own guess, good enough to choose a way. */
async function estimateRows(matches: Sql, db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }[]>`
    explain (format json) ${matches}`;
  return row?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}
