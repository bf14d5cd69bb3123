import { z } from "zod";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { invalidField } from "@/lib/http/errors";

/** What a page is asked by. */
export type PageQuery<Sort extends string> = {
  q?: string | undefined;
  sort: Sort;
  order: "asc" | "desc";
  limit: number;
  cursor?: string | undefined;
};
export type PageOf<Row> = { data: Row[]; next_cursor: string | null; total: number };

const Value = z.union([z.number(), z.string().max(600)]);
const Key = z.tuple([Value], Value);
/** The sort's own value, then what decides among equals, always from the least to the greatest. */
export type Key = z.infer<typeof Key>;
const Cursor = z.object({ s: z.string().max(64), o: z.enum(["asc", "desc"]), k: Key });

function compare(a: Key, b: Key, order: "asc" | "desc"): number {
  for (const [place, mine] of a.entries()) {
    const theirs = b[place];
    if (theirs === undefined || mine === theirs) continue;
    const step = mine < theirs ? -1 : 1;
    return place === 0 && order === "desc" ? -step : step;
  }
  return 0;
}

type Named = { id: string; name: string | null };

/** Whether all words of `q` stand in the row's name or id. */
export function matches({ name, id }: Named, q: string): boolean {
  const text = `${name ?? ""} ${id}`.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** One page of the rows. Throws `invalid` for a cursor of another list. */
export function pageBy<Row extends Named, Sort extends string>(
  rows: readonly Row[],
  { q, sort, order, limit, cursor }: PageQuery<Sort>,
  keyOf: (row: Row, sort: Sort) => Key,
): PageOf<Row> {
  const found = (q === undefined ? rows : rows.filter((row) => matches(row, q)))
    .map((row) => ({ row, key: keyOf(row, sort) }))
    .sort((a, b) => compare(a.key, b.key, order));
  const after = cursor === undefined ? null : placeOf(cursor, sort, order);
  const rest = after === null ? found : found.filter(({ key }) => compare(key, after, order) > 0);
  const data = rest.slice(0, limit);
  const last = data.at(-1);
  const next =
    last && rest.length > limit ? encodeCursor({ s: sort, o: order, k: last.key }) : null;
  return { data: data.map(({ row }) => row), next_cursor: next, total: found.length };
}

function placeOf(cursor: string, sort: string, order: "asc" | "desc"): Key {
  const { s, o, k } = decodeCursor(Cursor, cursor);
  if (s !== sort || o !== order)
    throw invalidField("cursor", "it belongs to another order of the list");
  return k;
}
