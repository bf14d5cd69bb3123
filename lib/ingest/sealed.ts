import type { Cell, Rolled } from "@/lib/metrics/schema";
import { coveredIn, ownCells, type Told, wholeOf } from "./contributions";
import type { Span } from "./schema";

/** What is remembered of a session whose events are dropped. Times as the database writes them. */
export type Seal = {
  eventsAt: string;
  spansAt: string | null;
  /** Its events' rows are still to be removed. */
  hasEvents: boolean;
  /** Names its cells, as they were when it was sealed and as they are. */
  cells: string | null;
  cellsNow: string;
};

type Sealed = {
  seal: Seal;
  told: Told;
  rolled: Rolled | null;
  cells: readonly Cell[];
  spans: readonly Span[];
  events: number;
};

export type Compared = { what: string; stored: unknown; derived: unknown };

/**
 * What proves a session whose events are dropped. Its cells are those it was sealed with. As long as its
 * spans are here, its row and spans still give these cells; after that, what its row gives of them is
 * what is written down as the row's, and the rest adds up to what is written down as the spans'.
 */
export function comparedSealed({ seal, told, rolled, cells, spans, events }: Sealed): Compared[] {
  const kept = seal.hasEvents ? events : 0;
  const compared: Compared[] = [
    { what: "cells since it was sealed", stored: seal.cellsNow, derived: seal.cells },
    { what: "events of a sealed session", stored: events, derived: kept },
  ];
  if (rolled === null) return compared;
  if (seal.spansAt === null) {
    const whole = wholeOf(told, null, spans);
    return [
      ...compared,
      { what: "rolled", stored: rolled, derived: whole.rolled },
      { what: "cells", stored: cells, derived: whole.cells },
    ];
  }
  return [
    ...compared,
    { what: "cells of the row", stored: rolled.cells, derived: ownCells(told, rolled) },
    { what: "covered by spans", stored: rolled.covered, derived: coveredIn(cells, rolled) },
  ];
}
