import { type Db, prisma } from "@/lib/db/client";
import { enqueue } from "@/lib/jobs/queue";
import { deleteSyncMinutes } from "./meter-store";
import { type Bound, boundsText, dayOf, foldSums, keptOf, MOST_VALUES } from "./promoted";
import { settleStaleDay, storeSums } from "./promoted-rollup-service";
import { readPromotionIds } from "./promoted-store";
import { type PromotedDayState, readDays } from "./promoted-values-store";
import { readCellTotals, readLevels, readStretches, readSums } from "./proof-store";
import {
  addSums,
  FORGOTTEN,
  isEmpty,
  MINUTE_DAYS,
  NEVER,
  placeText,
  type Sum,
  type Sums,
  sumUp,
  TOTAL_MINUTE,
} from "./rollup";
import {
  claimAddingUp,
  deleteMinutes,
  readCellsAsDeltas,
  readDeltas,
  takeDeltas,
} from "./rollup-store";

export const ADD_UP_TASK = "add_up_rollups";

const DAY = 1440;
/** A batch of differences; sums of more of them at once are fewer rows to write. */
const BATCH = 20_000;
const FOR_MS = 20_000;
const AGAIN_MS = 2_000;

const minuteOf = (now: Date) => Math.floor(now.getTime() / 60_000);
/** Of the minutes that are kept. */
export const firstMinute = (now: Date) => minuteOf(now) - MINUTE_DAYS * DAY;

/**
 * Adds up to `limit` differences to the rollups, in one transaction: whoever reads meanwhile sees
 * them in one place or the other. Returns how many; 0 too when another process is at it.
 */
export async function addUp(now: Date, limit = BATCH, most = MOST_VALUES): Promise<number> {
  return prisma.$transaction(
    async (tx) => {
      if (!(await claimAddingUp(tx))) return 0;
      const deltas = await takeDeltas(tx, limit);
      const kept = { firstMinute: firstMinute(now), promotions: await readPromotionIds(tx) };
      await storeSums(tx, sumUp(deltas, kept), most);
      return deltas.length;
    },
    { maxWait: 60_000, timeout: 120_000 },
  );
}

/**
 * The job: adds up until nothing is left, for some seconds at most. As long as something comes it asks
 * for its next turn itself; after a quiet time the clock asks, and readers add up the rest meanwhile.
 */
export async function addUpAgain(): Promise<void> {
  const until = Date.now() + FOR_MS;
  let taken = 0;
  for (let last = BATCH; last === BATCH && Date.now() < until; taken += last)
    last = await addUp(new Date());
  // What was taken back in one batch often comes again in the next.
  while (Date.now() < until && (await settleStaleDay(firstMinute(new Date()))));
  if (taken === 0) return;
  const runAt = new Date(Date.now() + AGAIN_MS);
  await enqueue(prisma, { task: ADD_UP_TASK, payload: {}, key: ADD_UP_TASK, runAt });
}

/** By the clock: forgets minutes that are older than they are kept. */
export async function forgetMinutes(now: Date): Promise<number> {
  await deleteSyncMinutes(prisma, firstMinute(now));
  return deleteMinutes(prisma, firstMinute(now));
}

/** A sum that is not what the cells give. */
export type SumDifference = { place: string; stored: string; derived: string };

/**
 * Compares the rollups and what is still to be added to them with the sums of all cells, on every
 * day that has any of them. Minutes are compared as long as they are surely kept. Of promoted keys, also
 * which values of the day have sums of their own.
 */
export async function verifyRollups(
  workspace: string,
  onDifference: (difference: SumDifference) => void,
  { now = new Date(), most = MOST_VALUES } = {},
): Promise<void> {
  const first = firstMinute(now) + DAY;
  for (const from of await readStretches(prisma, workspace, DAY)) {
    const range = { workspace, from, to: from + DAY };
    const { stored, derived, named } = await prisma.$transaction(
      (tx) => bothOf(tx, range, { first, most }),
      { isolationLevel: "RepeatableRead", timeout: 120_000 },
    );
    compare(stored, derived, (sum) => textOf(sum, first), onDifference);
    for (const one of named) if (one.stored !== one.derived) onDifference(one);
  }
  const [stored, derived] = await prisma.$transaction((tx) => bothTotals(tx, workspace, first), {
    isolationLevel: "RepeatableRead",
    timeout: 600_000,
  });
  compare(stored, derived, totalText, onDifference);
}

function compare(
  stored: Sums,
  derived: Sums,
  textOf: (sum: Sum | undefined) => string,
  onDifference: (difference: SumDifference) => void,
): void {
  for (const id of new Set([...stored.keys(), ...derived.keys()])) {
    const [was, is] = [textOf(stored.get(id)), textOf(derived.get(id))];
    if (was !== is) onDifference({ place: placeText(id), stored: was, derived: is });
  }
}

type Range = { workspace: string; from: number; to: number };

type Both = { stored: Sums; derived: Sums; named: SumDifference[] };

async function bothOf(
  db: Db,
  range: Range,
  { first, most }: { first: number; most: number },
): Promise<Both> {
  const promotions = await readPromotionIds(db);
  const kept = { firstMinute: first, promotions };
  const { workspace } = range;
  const keys = [...promotions].map((promotion) => ({
    workspace,
    promotion,
    day: dayOf(range.from),
  }));
  const days = new Map((await readDays(db, keys)).map((day) => [day.promotion, day]));
  const boundOf = (promotion: number): Bound | undefined => days.get(promotion)?.bound;
  const stored = inForce(await readSums(db, range), promotions);
  const waiting = sumUp(await readDeltas(db, range), kept);
  const named = new Map(days);
  for (const { part } of waiting.values()) named.delete(part.promotion);
  foldSums(waiting, boundOf);
  addSums(stored, waiting.values());
  const derived = sumUp(await readCellsAsDeltas(db, range), kept);
  const told = [...named.values()].filter(({ stale }) => !stale);
  const names = told.map((day) => namedIn(day, derived, most));
  foldSums(derived, boundOf);
  return { stored, derived, named: names };
}

/** Which values of a day have sums of their own, and which should by what there is. */
function namedIn(day: PromotedDayState, derived: Sums, most: number): SumDifference {
  const { kept, bound, promotion } = day;
  return {
    place: JSON.stringify(["promoted", promotion, day.day]),
    stored: boundsText({ kept, bound }),
    derived: boundsText(keptOf(derived, promotion, most)),
  };
}

/** Without what is left of keys that are promoted no more. */
const inForce = (sums: Sums, promotions: ReadonlySet<number>): Sums =>
  new Map(
    [...sums].filter(([, { part }]) => part.promotion === 0 || promotions.has(part.promotion)),
  );

/** Totals as they are stored, with what is still to be added to them, and as the cells give them. */
async function bothTotals(db: Db, workspace: string, first: number): Promise<[Sums, Sums]> {
  const promotions = await readPromotionIds(db);
  const kept = { firstMinute: first, promotions };
  const stored = await readSums(db, { workspace, from: TOTAL_MINUTE, to: 0 });
  const waiting = sumUp(await readDeltas(db, { workspace, from: 0, to: NEVER }), kept);
  addSums(stored, waiting.values());
  const derived = await readCellTotals(db, workspace);
  addSums(derived, (await readLevels(db, workspace)).values());
  return [inForce(stored, promotions), inForce(derived, promotions)];
}

const totalText = (sum: Sum | undefined) => (sum?.grain === "total" ? contentOf(sum) : "nothing");

function textOf(sum: Sum | undefined, first: number): string {
  if (sum?.grain === "total") return "nothing";
  if (sum && FORGOTTEN.includes(sum.grain) && sum.minute < first) return "nothing";
  return contentOf(sum);
}

function contentOf(sum: Sum | undefined): string {
  if (!sum || isEmpty(sum)) return "nothing";
  return JSON.stringify([sum.measures, [...sum.histogram].sort(([a], [b]) => a - b)]);
}
