import type { Db } from "@/lib/db/client";
import { addToCells, relabelCells, withdrawCells } from "@/lib/metrics/cell-store";
import { type Contribution, isMoved } from "./contributions";
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
  const whole = contributions.filter(({ isWhole, before }) => isWhole && before !== null);
  const names = whole.map(({ sessionId }) => ({ sessionId, connectionId }));
  await withdrawCells(db, workspace, names);
  const given = contributions.map((one) => ({ ...one, ...labelsOf(one) }));
  await relabelCells(
    db,
    origin,
    given.filter((one) => !one.isWhole && isMoved(one)),
  );
  await addToCells(db, origin, given);
}

const labelsOf = ({ rolled: { dimensions, promoted } }: Contribution) => ({ dimensions, promoted });
