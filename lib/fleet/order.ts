import { z } from "zod";
import { invalidField } from "@/lib/http/errors";
import { decodeCursor, encodeCursor } from "@/lib/sessions/cursor";
import type { Advice, FleetQuery, Use } from "./schema";
import { FLEET_SORTS, LEVELS } from "./words";

/** What every row of the fleet has, as far as it is searched and ordered. */
export type Row = Use & {
  id: string;
  connection_id: string | null;
  name: string | null;
  advice: Advice | null;
};

const text = z.string().max(600);
const Key = z.tuple([z.union([z.number(), text]), z.number(), text, text, text]);
/** The sort's value, then what decides among equals: cost, name, id and connection. */
type Key = z.infer<typeof Key>;
const Cursor = z.object({ s: z.enum(FLEET_SORTS), o: z.enum(["asc", "desc"]), k: Key });

const rankOf = (row: Row) => (row.advice ? LEVELS.length - LEVELS.indexOf(row.advice.level) : 0);

function sortValue(row: Row, sort: FleetQuery["sort"]): number | string {
  switch (sort) {
    case "advice":
      return rankOf(row);
    case "name":
      return (row.name ?? row.id).toLowerCase();
    case "last_used_at":
      return row.last_used_at ?? "";
    case "sessions":
      return row.sessions;
    case "failed":
      return row.settled === 0 ? -1 : row.failed / row.settled;
    case "cost":
      return row.cost_nanos;
    case "cost_per_session":
      return row.sessions === 0 ? -1 : row.cost_nanos / row.sessions;
  }
}

const keyOf = (row: Row, sort: FleetQuery["sort"]): Key => [
  sortValue(row, sort),
  -row.cost_nanos,
  row.name ?? "",
  row.id,
  row.connection_id ?? "",
];

/** The sort's own value goes by the order asked for; among equals the dearer comes first, then by name. */
function compare(a: Key, b: Key, order: FleetQuery["order"]): number {
  for (const [place, mine] of a.entries()) {
    const theirs = b[place];
    if (theirs === undefined || mine === theirs) continue;
    const step = mine < theirs ? -1 : 1;
    return place === 0 && order === "desc" ? -step : step;
  }
  return 0;
}

/** Whether all words of `q` stand in the row's name or id. */
export function matches(row: Row, q: string): boolean {
  const text = `${row.name ?? ""} ${row.id}`.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** One page of the rows. Throws `invalid` for a cursor of another list. */
export function pageOf<T extends Row>(
  rows: readonly T[],
  { q, sort, order, limit, cursor }: FleetQuery,
): { data: T[]; next_cursor: string | null; total: number } {
  const found = (q === undefined ? rows : rows.filter((row) => matches(row, q)))
    .map((row) => ({ row, key: keyOf(row, sort) }))
    .sort((a, b) => compare(a.key, b.key, order));
  const after = cursor === undefined ? null : placeOf(cursor, { sort, order });
  const rest = after === null ? found : found.filter(({ key }) => compare(key, after, order) > 0);
  const data = rest.slice(0, limit);
  const last = data.at(-1);
  const next =
    last && rest.length > limit ? encodeCursor({ s: sort, o: order, k: last.key }) : null;
  return { data: data.map(({ row }) => row), next_cursor: next, total: found.length };
}

function placeOf(cursor: string, { sort, order }: Pick<FleetQuery, "sort" | "order">): Key {
  const { s, o, k } = decodeCursor(Cursor, cursor);
  if (s !== sort || o !== order)
    throw invalidField("cursor", "it belongs to another order of the list");
  return k;
}
