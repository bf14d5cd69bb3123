import { type Db, prisma } from "@/lib/db/client";
import {
  type Bound,
  foldedPart,
  foldSums,
  isFolded,
  keepValues,
  MOST_VALUES,
  type Touched,
  touchedDays,
} from "./promoted";
import { readPromotionIds } from "./promoted-store";
import {
  addValues,
  deleteDay,
  deleteEmptyTotals,
  deleteValues,
  markStale,
  readDays,
  readPresent,
  readStaleDay,
  saveBound,
  takeSums,
} from "./promoted-values-store";
import { addPromoted, addSums, type Delta, isEmpty, type Sums } from "./rollup";
import { addToRollups, claimAddingUp, readCellsAsDeltas, readDeltas } from "./rollup-store";

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * Adds sums to the rollups. Of a promoted key's values at most `most` a day have sums of their own: what
 * is beyond goes to the day's folded ones. Only the one who has claimed adding up may do it.
 */
export async function storeSums(tx: Db, sums: Sums, most = MOST_VALUES): Promise<void> {
  const touched = touchedDays(sums);
  const bounds = new Map<string, Bound>();
  const idOf = (promotion: number, day: number) => `${promotion} ${day}`;
  const states = new Map(
    (await readDays(tx, touched)).map((day) => [idOf(day.promotion, day.day), day]),
  );
  for (const day of touched) {
    const id = idOf(day.promotion, day.day);
    const bound = await settleDay(tx, sums, day, { most, ...states.get(id) });
    if (bound) bounds.set(id, bound);
  }
  const boundOf = (promotion: number, day: number) => bounds.get(idOf(promotion, day));
  foldSums(sums, boundOf);
  await addToRollups(tx, sums);
  for (const day of touched) await forgetGone(tx, day, boundOf(day.promotion, day.day));
  const keys = new Map(touched.map((day) => [day.promotion, day]));
  for (const key of keys.values()) await deleteEmptyTotals(tx, key);
}

/** Decides which values have sums of their own now; those that must give way move to the folded ones. */
async function settleDay(
  tx: Db,
  sums: Sums,
  { workspace, promotion, day, values, hasLong }: Touched,
  { kept = [], bound, most }: { kept?: string[]; bound?: Bound; most: number },
): Promise<Bound | undefined> {
  const of = { workspace, promotion, day };
  const standing = new Set(kept);
  const fresh = [...values].filter((value) => !standing.has(value));
  const now = keepValues(kept, fresh, bound ?? (hasLong ? { last: null } : undefined), most);
  if (now.gone.length > 0) {
    const moved = await takeSums(tx, of, now.gone);
    for (const sum of moved.values()) addSums(sums, [{ ...sum, part: foldedPart(sum.part) }]);
    await deleteValues(tx, of, now.gone);
  }
  await addValues(tx, of, now.added);
  if (now.bound && now.bound !== bound) await saveBound(tx, of, now.bound);
  return now.bound;
}

/** Values of which nothing is left on a day have no sums there; where others are folded, one may take the place. */
async function forgetGone(
  tx: Db,
  { workspace, promotion, day, shrunk, shrinksLong }: Touched,
  bound: Bound | undefined,
): Promise<void> {
  const of = { workspace, promotion, day };
  const named = [...shrunk].filter((value) => !isFolded(value, bound));
  const present = new Set(named.length > 0 ? await readPresent(tx, of, named) : []);
  const gone = named.filter((value) => !present.has(value));
  if (gone.length > 0) {
    await takeSums(tx, of, gone);
    await deleteValues(tx, of, gone);
  }
  const isFreed = gone.length > 0 || named.length < shrunk.size || shrinksLong;
  if (bound && isFreed) await markStale(tx, of);
}

/**
 * Where something was taken back on a day with folded values, sums that day of that key anew from the cells:
 * which values have sums of their own follows from what there is, not from what there was. One day a
 * call; false when there is none left, or another process adds up.
 */
export async function settleStaleDay(firstMinute: number, most = MOST_VALUES): Promise<boolean> {
  return prisma.$transaction(
    async (tx) => {
      if (!(await claimAddingUp(tx))) return false;
      const stale = await readStaleDay(tx);
      if (!stale) return false;
      const known = await readPromotionIds(tx);
      const promotions = new Set(known.has(stale.promotion) ? [stale.promotion] : []);
      const sums: Sums = new Map();
      const add = (deltas: readonly Delta[]) => {
        for (const delta of deltas) addPromoted(sums, delta, { firstMinute, promotions });
      };
      const to = (stale.day + 1) * DAY;
      for (let from = stale.day * DAY; from < to; from += HOUR) {
        const range = { workspace: stale.workspace, from, to: from + HOUR };
        add(await readCellsAsDeltas(tx, range));
        add((await readDeltas(tx, range)).map(takenBack));
      }
      await deleteDay(tx, stale);
      await storeSums(tx, ofDay(sums), most);
      return true;
    },
    // What is read of cells and of differences has to be of one moment.
    { isolationLevel: "RepeatableRead", maxWait: 60_000, timeout: 600_000 },
  );
}

/** What a day's cells come to; how things stand is told by all days and stays as it is. */
const ofDay = (sums: Sums): Sums =>
  new Map([...sums].filter(([, sum]) => sum.grain !== "total" && !isEmpty(sum)));

const takenBack = (delta: Delta): Delta => ({
  ...delta,
  measures: delta.measures.map((value) => -value),
  observations: delta.observations.map((one) => -1 - one),
});
