import type { Db } from "@/lib/db/client";
import { addToCells, relabelCells, withdrawCells } from "@/lib/metrics/cell-store";
import { DIMENSIONS } from "@/lib/metrics/schema";
import type { Contribution } from "./contributions";
import type { Origin } from "./schema";

/**
 * Brings the sessions' cells, and what they add to the rollups, to where the contributions say. Before
 * the sessions' states are written: these tell what the rollups have the sessions under.
 */
export async function writeContributions(
  db: Db,
  origin: Origin,
  contributions: readonly Contribution[],
): Promise<void> {
  const { workspace, connectionId } = origin;
  const given = contributions.map(({ rolled, ...one }) => ({
    ...one,
    dimensions: rolled.dimensions,
  }));
  const whole = given.filter(({ isWhole, before }) => isWhole && before !== null);
  const names = whole.map(({ sessionId }) => ({ sessionId, connectionId }));
  await withdrawCells(db, workspace, names);
  const moved = given.filter(
    ({ isWhole, before, dimensions }) =>
      !isWhole && DIMENSIONS.some((name) => before?.[name] !== dimensions[name]),
  );
  await relabelCells(db, origin, moved);
  await addToCells(db, origin, given);
}
