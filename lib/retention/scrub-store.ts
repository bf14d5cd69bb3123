import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { ErasureReport } from "./erasure-schema";
import { isNamed, keyWithout, type Names, needlesOf, withoutNames, withoutWords } from "./nameless";
import { PLACES, type Place } from "./places";

export type Scrubbed = Pick<ErasureReport, "messages" | "other" | "written">;

const raw = Prisma.raw;
const quoted = (name: string) => raw(`"${name}"`);
type Listed = Exclude<Place, string>;
const LISTED = Object.entries(PLACES).flatMap(([table, place]): [string, Listed][] =>
  typeof place === "string" ? [] : [[table, place]],
);

/** Whether one of the texts stands in one of the columns. */
export const holdsAny = (columns: readonly string[], needles: readonly string[]): Prisma.Sql => {
  const texts = columns.map((column) => Prisma.sql`${quoted(column)}::text`);
  return Prisma.sql`exists (select from unnest(${[...needles]}::text[]) i
    where strpos(concat_ws(' ', ${Prisma.join(texts)}), i) > 0)`;
};

/** Takes the names out of every column that PLACES says is written again. */
export async function rewriteColumns(db: Db, workspace: string, names: Names): Promise<Scrubbed> {
  const found: Scrubbed = { messages: 0, other: 0, written: [] };
  for (const [table, place] of LISTED) {
    const { count, written } = await rewriteTable(db, workspace, names, { table, place });
    found[place.isMessage ? "messages" : "other"] += count;
    const { what } = place;
    if (what) found.written.push(...written.map((id) => ({ what, id, now: "changed" as const })));
  }
  return found;
}

type Table = { table: string; place: Listed };
type Row = Record<string, string | null>;

/** How many rows are changed, and of those the ones whose JSON is: words may be told of them, not by them. */
async function rewriteTable(
  db: Db,
  workspace: string,
  names: Names,
  { table, place }: Table,
): Promise<{ count: number; written: string[] }> {
  const { json = [], words = [], ids = [], keys = [] } = place;
  const columns = [...json, ...words, ...ids, ...keys];
  if (columns.length === 0) return { count: 0, written: [] };
  const listed = (column: string) => (ids.includes(column) ? raw("to_jsonb") : raw(""));
  const texts = columns.map(
    (column) => Prisma.sql`(${listed(column)}(${quoted(column)}))::text as ${quoted(column)}`,
  );
  const id = place.what ? quoted(place.id ?? "id") : raw("ctid");
  const rows = await db.$queryRaw<Row[]>`
    select ctid::text as "place", ${id}::text as "row", ${Prisma.join(texts)} from ${quoted(table)}
    where workspace = ${workspace} and ${holdsAny(columns, needlesOf(names, place.what !== undefined))}
    for update`;
  const written: string[] = [];
  let count = 0;
  for (const row of rows) {
    const sets = columns.flatMap((column) => {
      const was = row[column];
      const now = was == null ? null : rewritten(was, names, { place, column });
      if (now === null || now === was) return [];
      if (json.includes(column) && row.row) written.push(row.row);
      return [Prisma.sql`${quoted(column)} = ${columnValue(now, { place, column })}`];
    });
    if (sets.length === 0) continue;
    count += await db.$executeRaw`
      update ${quoted(table)} set ${Prisma.join(sets)} where ctid = ${row.place}::tid`;
  }
  return { count, written };
}

type Column = { place: Listed; column: string };

function rewritten(was: string, names: Names, { place, column }: Column): string {
  if (place.json?.includes(column)) {
    const value: unknown = JSON.parse(was);
    const now = JSON.stringify(withoutNames(value, names, column));
    return now === JSON.stringify(value) ? was : now;
  }
  if (place.ids?.includes(column)) {
    const all = JSON.parse(was) as string[];
    const left = all.filter((id) => !names.ids.has(id));
    return left.length === all.length ? was : JSON.stringify(left);
  }
  return place.keys?.includes(column) ? keyWithout(was, names) : withoutWords(was, names);
}

function columnValue(now: string, { place, column }: Column): Prisma.Sql {
  if (place.json?.includes(column)) return Prisma.sql`${now}::jsonb`;
  if (!place.ids?.includes(column)) return Prisma.sql`${now}`;
  return Prisma.sql`array(select jsonb_array_elements_text(${now}::jsonb))`;
}

const MOST_LEFT = 20;

/** Where a name stands in what people called something by, which stays as they wrote it. */
export async function listLeft(
  db: Db,
  workspace: string,
  names: Names,
): Promise<ErasureReport["written"]> {
  const left: ErasureReport["written"] = [];
  for (const [table, { named = [], what, id = "id" }] of LISTED) {
    if (named.length === 0 || !what) continue;
    const texts = named.map((column) => Prisma.sql`${quoted(column)}::text`);
    const rows = await db.$queryRaw<Array<{ id: string; text: string }>>`
      select ${quoted(id)}::text as id, concat_ws(' ', ${Prisma.join(texts)}) as text
      from ${quoted(table)} where workspace = ${workspace}
        and ${holdsAny(named, needlesOf(names, true))} limit 1000`;
    const own = rows.filter(({ text }) => isNamed(text, names)).slice(0, MOST_LEFT);
    left.push(...own.map((row) => ({ what, id: row.id, now: "left" as const })));
  }
  return left;
}
