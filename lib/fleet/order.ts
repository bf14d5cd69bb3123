import { type Key, type PageOf, pageBy } from "./page";
import type { Advice, FleetQuery, Use } from "./schema";
import { LEVELS } from "./words";

/** What every row of the fleet has, as far as it is searched and ordered. */
export type Row = Use & {
  id: string;
  connection_id: string | null;
  name: string | null;
  advice: Advice | null;
};

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

/** Among equals the dearer comes first, then it goes by name, id and connection. */
const keyOf = (row: Row, sort: FleetQuery["sort"]): Key => [
  sortValue(row, sort),
  -row.cost_nanos,
  row.name ?? "",
  row.id,
  row.connection_id ?? "",
];

/** One page of the rows. Throws `invalid` for a cursor of another list. */
export const pageOf = <T extends Row>(rows: readonly T[], query: FleetQuery): PageOf<T> =>
  pageBy(rows, query, keyOf);
