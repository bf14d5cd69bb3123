import type { AgentFigures } from "./schema";

export const NO_FIGURES: AgentFigures = {
  ...{ sessions: 0, failed: 0, decided: 0, settled: 0, cost_nanos: 0 },
  ...{ settled_cost_nanos: 0, completed: 0, turn_p95_ms: null },
};

/** What several agents came to together; of their slowest turns nothing follows. */
export function addedUp(all: readonly AgentFigures[]): AgentFigures {
  const [only] = all;
  if (only && all.length === 1) return only;
  const sum = (of: (figures: AgentFigures) => number) =>
    all.reduce((total, figures) => total + of(figures), 0);
  return {
    sessions: sum(({ sessions }) => sessions),
    failed: sum(({ failed }) => failed),
    decided: sum(({ decided }) => decided),
    settled: sum(({ settled }) => settled),
    cost_nanos: sum(({ cost_nanos }) => cost_nanos),
    settled_cost_nanos: sum(({ settled_cost_nanos }) => settled_cost_nanos),
    completed: sum(({ completed }) => completed),
    turn_p95_ms: null,
  };
}
