import { type Key, pageBy } from "@/lib/fleet/page";
import type { AgentItem, AgentsPage, AgentsQuery } from "./schema";

/** What is not known comes last in the order that shows the greatest first. */
const over = (above: number, below: number) => (below === 0 ? -1 : above / below);

function sortValue(row: AgentItem, sort: AgentsQuery["sort"]): number | string {
  switch (sort) {
    case "name":
      return (row.name ?? row.id).toLowerCase();
    case "sessions":
      return row.sessions;
    case "failure_rate":
      return over(row.failed, row.decided);
    case "cost":
      return row.cost_nanos;
    case "cost_per_session":
      return over(row.cost_nanos, row.sessions);
    case "cost_per_completed_session":
      return over(row.settled_cost_nanos, row.completed);
    case "turn_p95":
      return row.turn_p95_ms ?? -1;
    case "last_used_at":
      return row.last_used_at ?? "";
    case "overridden":
      return row.overridden;
  }
}

/** Among equals the busier comes first, then it goes by name. */
const keyOf = (row: AgentItem, sort: AgentsQuery["sort"]): Key => [
  sortValue(row, sort),
  -row.sessions,
  row.name ?? "",
  row.id,
];

/** One page of the catalogue. Throws `invalid` for a cursor of another list. */
export const pageOf = (rows: readonly AgentItem[], query: AgentsQuery): AgentsPage =>
  pageBy(rows, query, keyOf);
