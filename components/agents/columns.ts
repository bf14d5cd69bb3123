import type { AgentSort } from "@/lib/agents/names";
import type { AgentFigures, AgentItem } from "@/lib/agents/schema";
import { formatCount, formatDuration, formatNanos, formatPercent } from "@/lib/format";

type Column = Exclude<AgentSort, "name" | "failure_rate" | "last_used_at">;

/** Figures of the catalogue in their order; those a narrow window has no room for stand under the name. */
export const FIGURES: readonly Column[] = [
  "sessions",
  "cost",
  "cost_per_session",
  "cost_per_completed_session",
  "turn_p95",
  "overridden",
];

export const WORDS: Record<AgentSort, { label: string; title: string }> = {
  name: { label: "Agent", title: "by name" },
  failure_rate: {
    label: "Failure rate",
    title: "failed of the completed and failed sessions that settled, with its 95 % interval",
  },
  sessions: { label: "Sessions", title: "started in the range" },
  cost: { label: "Cost", title: "computed cost in the range" },
  cost_per_session: { label: "Cost / session", title: "cost for each session started" },
  cost_per_completed_session: {
    label: "Cost / completed",
    title: "what all that settled has cost, for each session that completed",
  },
  turn_p95: { label: "Turn p95", title: "19 of 20 turns were shorter" },
  overridden: {
    label: "Overridden",
    title: "sessions with another configuration than their version's own",
  },
  last_used_at: { label: "Last run", title: "the last event of any session" },
};

export const NOTHING = "–";

const over = (nanos: number, count: number) =>
  count === 0 ? NOTHING : formatNanos(Math.round(nanos / count));

export const perSession = ({ cost_nanos, sessions }: AgentFigures) => over(cost_nanos, sessions);
export const perCompleted = ({ settled_cost_nanos, completed }: AgentFigures) =>
  over(settled_cost_nanos, completed);

export function written(row: AgentItem, column: Column): string {
  switch (column) {
    case "sessions":
      return formatCount(row.sessions);
    case "cost":
      return formatNanos(row.cost_nanos);
    case "cost_per_session":
      return perSession(row);
    case "cost_per_completed_session":
      return perCompleted(row);
    case "turn_p95":
      return formatDuration(row.turn_p95_ms);
    case "overridden":
      return row.overridden === 0
        ? "0"
        : `${formatCount(row.overridden)} (${formatPercent(row.overridden / row.sessions)})`;
  }
}
