import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { SessionsCursor } from "./cursor";
import { allOf, type Condition, type Sql } from "./filter-store";

export type Sort = { column: string; type: "timestamptz" | "bigint"; nullable: boolean };

/** A page that is wanted of the list. Every way below gives keys of `session` with the sort value `v`. */
export type List = {
  workspace: string;
  sort: Sort;
  descending: boolean;
  conditions: Condition[];
  cursor: SessionsCursor | null;
  want: number;
};

/** Rows with a value, or those without one, which come last. */
export type Part = "values" | "nulls";

const columnOf = (list: List) => Prisma.raw(`s.${list.sort.column}`);
const way = (list: List) => Prisma.raw(list.descending ? "desc" : "asc");

/** Of keys `k`: by value, those without one last. */
export const inOrder = (list: List) =>
  Prisma.sql`k.v ${way(list)} nulls last, k.session_id ${way(list)}, k.connection_id ${way(list)}`;

/** The same as an index has it. */
const alongIndex = (list: List) =>
  Prisma.sql`${columnOf(list)} ${way(list)}, s.session_id ${way(list)}, s.connection_id ${way(list)}`;

const outsideOf = ({ conditions, sort }: List) =>
  conditions.filter(({ column }) => column !== sort.column);

/** Or only by what bounds the order itself. */
export const isUnfiltered = (list: List) => outsideOf(list).length === 0;

function stretch(list: List, part: Part): Sql {
  const inside = list.conditions.filter(({ column }) => column === list.sort.column);
  return Prisma.sql`s.workspace = ${list.workspace}
    and ${columnOf(list)} ${Prisma.raw(part === "nulls" ? "is null" : "is not null")}
    and ${allOf(inside, "plain")} and ${afterCursor(list, part)}`;
}

/** Along the order's index, looking at `bound` rows, or at all of them. */
export function walk(list: List, part: Part, bound: number | null): Sql {
  // Either the bound or `offset 0` keeps the planner from taking the two levels for one.
  return Prisma.sql`
    select s.session_id, s.connection_id, ${columnOf(list)} as v
    from (select s.* from session s where ${stretch(list, part)}
      order by ${alongIndex(list)}
      ${bound === null ? Prisma.sql`offset 0` : Prisma.sql`limit ${bound}`}) s
    where ${allOf(outsideOf(list), "plain")}
    order by ${alongIndex(list)}
    limit ${list.want}`;
}

/** Whether the order's index tells all, or some, of what rows are filtered by. */
export function codesTell(list: List): "all" | "some" | "nothing" {
  const outside = outsideOf(list);
  const coded = outside.filter((condition) => condition.coded);
  if (coded.length === 0) return "nothing";
  return coded.length === outside.length ? "all" : "some";
}

/**
 * Along the order's index past `bound` entries of it, or past all, looking only at rows whose codes
 * fit, and at no more than `most` of these.
 */
export function walkByCodes(list: List, part: Part, bound: number | null, most: number): Sql {
  const fits = Prisma.join(
    outsideOf(list).flatMap(({ coded }) => coded ?? []),
    " and ",
  );
  const along = Prisma.sql`k.v ${way(list)}, k.session_id ${way(list)}, k.connection_id ${way(list)}`;
  const entries = Prisma.sql`
    select s.session_id, s.connection_id, ${columnOf(list)} as v, s.facet_codes
    from session s where ${stretch(list, part)}`;
  const found =
    bound === null
      ? Prisma.sql`${entries} and ${fits} order by ${alongIndex(list)} limit ${most}`
      : Prisma.sql`select * from (${entries} order by ${alongIndex(list)} limit ${bound}) s
          where ${fits} order by s.v ${way(list)}, s.session_id ${way(list)}, s.connection_id ${way(list)} limit ${most}`;
  return Prisma.sql`
    select k.session_id, k.connection_id, k.v
    from (${found}) k
    cross join lateral (select from session s where ${rowOf(list)}
      and ${allOf(outsideOf(list), "plain")} offset 0) r
    order by ${along}
    limit ${list.want}`;
}

const rowOf = (list: List) => Prisma.sql`s.workspace = ${list.workspace}
  and s.session_id = k.session_id and s.connection_id = k.connection_id`;

/** Whether the index `session_by_agent` alone gathers all matches. */
export function isCovered({ conditions }: List): boolean {
  const ofAgent = conditions.some(({ facet }) => facet === "agent" || facet === "agent_version");
  return ofAgent && conditions.every(({ covered, late }) => covered || late);
}

/** Every match beyond the cursor, by the filters' own indexes; late conditions are left out. */
export function gather(list: List): Sql {
  const conditions = list.conditions.filter(({ late }) => !late);
  const form = isCovered(list) ? "plain" : "sql";
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

/** The page of gathered matches; late conditions are asked now, of no more rows than needed. */
export function pageOf(list: List, matches: Sql): Sql {
  const late = list.conditions.filter((condition) => condition.late);
  const holds = Prisma.sql`(select ${allOf(late)} from session s where ${rowOf(list)})`;
  return Prisma.sql`
    select k.*
    from (with k as materialized (${matches}) select * from k order by ${inOrder(list)} offset 0) k
    where ${late.length > 0 ? holds : Prisma.sql`true`}
    limit ${list.want}`;
}

/** Beyond the cursor: among rows with a value, among those without one (which come last), or in both. */
function afterCursor({ cursor, sort, descending }: List, part: Part | "all"): Sql {
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

export const everything = ({ workspace }: List) =>
  Prisma.sql`select from session s where s.workspace = ${workspace}`;

/** The planner's own guess, good enough to choose a way. */
export async function estimateRows(matches: Sql, db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }[]>`
    explain (format json) ${matches}`;
  return row?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}
