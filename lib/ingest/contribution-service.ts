import type { Db } from "@/lib/db/client";
import { addToCells, relabelCells, withdrawCells } from "@/lib/metrics/cell-store";
import { DIMENSIONS } from "@/lib/metrics/schema";
import type { Contribution } from "./contributions";
import type { Origin } from "./schema";

/** Brings the sessions' cells, and what they add to the rollups, to where the contributions say. */
export async function writeContributions(
  db: Db,
  origin: Origin,
  contributions: readonly Contribution[],
): Promise<void> {
  const known = contributions.flatMap((one) =>
    one.before ? [{ ...one, before: one.before }] : [],
  );
  const whole = known.filter(({ isWhole }) => isWhole);
  await withdrawCells(
    db,
    origin,
    whole.map(({ sessionId, before }) => ({ sessionId, dimensions: before })),
  );
  const moved = known.filter(
    ({ isWhole, before, rolled }) =>
      !isWhole && DIMENSIONS.some((name) => before[name] !== rolled.dimensions[name]),
  );
  await relabelCells(
    db,
    origin,
    moved.map(({ sessionId, before, rolled }) => ({
      sessionId,
      from: before,
      to: rolled.dimensions,
    })),
  );
  await addToCells(
    db,
    origin,
    contributions.map(({ sessionId, rolled, cells }) => ({
      sessionId,
      dimensions: rolled.dimensions,
      cells,
    })),
  );
}
