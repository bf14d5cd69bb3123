import { type Db, prisma } from "@/lib/db/client";
import { enqueue } from "@/lib/jobs/queue";
import { deleteSyncMinutes } from "./meter-store";
import {
  addDelta,
  addSums,
  isEmpty,
  MINUTE_DAYS,
  NEVER,
  type Sum,
  type Sums,
  TOTAL_MINUTE,
} from "./rollup";
import {
  addToRollups,
  claimAddingUp,
  deleteMinutes,
  readCellsAsDeltas,
  readCellTotals,
  readDeltas,
  readStretches,
  readSums,
  takeDeltas,
} from "./rollup-store";

export const ADD_UP_TASK = "add_up_rollups";

const DAY = 1440;
/** A batch of differences; sums of more of them at once are fewer rows to write. */
const BATCH = 20_000;
const FOR_MS = 20_000;
const AGAIN_MS = 2_000;

const minuteOf = (now: Date) => Math.floor(now.getTime() / 60_000);
const firstMinute = (now: Date) => minuteOf(now) - MINUTE_DAYS * DAY;

/**
 * Adds up to `limit` differences to the rollups, in one transaction: whoever reads meanwhile sees
 * them in one place or the other. Returns how many; 0 too when another process is at it.
 */
export async function addUp(now: Date, limit = BATCH): Promise<number> {
  return prisma.$transaction(
    async (tx) => {
      if (!(await claimAddingUp(tx))) return 0;
      const deltas = await takeDeltas(tx, limit);
      const sums: Sums = new Map();
      for (const delta of deltas) addDelta(sums, delta, firstMinute(now));
      await addToRollups(tx, sums);
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
 * day that has any of them. Minutes are compared as long as they are surely kept.
 */
export async function verifyRollups(
  workspace: string,
  onDifference: (difference: SumDifference) => void,
  now = new Date(),
): Promise<void> {
  const first = firstMinute(now) + DAY;
  for (const from of await readStretches(prisma, workspace, DAY)) {
    const range = { workspace, from, to: from + DAY };
    const [stored, derived] = await prisma.$transaction((tx) => bothOf(tx, range, first), {
      isolationLevel: "RepeatableRead",
      timeout: 120_000,
    });
    compare(stored, derived, (sum) => textOf(sum, first), onDifference);
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
    if (was !== is) onDifference({ place: id, stored: was, derived: is });
  }
}

type Range = { workspace: string; from: number; to: number };

async function bothOf(db: Db, range: Range, first: number): Promise<[Sums, Sums]> {
  const stored = await readSums(db, range);
  const waiting: Sums = new Map();
  for (const delta of await readDeltas(db, range)) addDelta(waiting, delta, first);
  addSums(stored, waiting);
  const derived: Sums = new Map();
  for (const cell of await readCellsAsDeltas(db, range)) addDelta(derived, cell, first);
  return [stored, derived];
}

/** Totals as they are stored, with what is still to be added to them, and as the cells give them. */
async function bothTotals(db: Db, workspace: string, first: number): Promise<[Sums, Sums]> {
  const stored = await readSums(db, { workspace, from: TOTAL_MINUTE, to: 0 });
  const waiting: Sums = new Map();
  for (const delta of await readDeltas(db, { workspace, from: 0, to: NEVER }))
    addDelta(waiting, delta, first);
  addSums(stored, waiting);
  return [stored, await readCellTotals(db, workspace)];
}

const totalText = (sum: Sum | undefined) => (sum?.grain === "total" ? contentOf(sum) : "nothing");

function textOf(sum: Sum | undefined, first: number): string {
  if (sum?.grain === "total" || (sum?.grain === "minute" && sum.minute < first)) return "nothing";
  return contentOf(sum);
}

function contentOf(sum: Sum | undefined): string {
  if (!sum || isEmpty(sum)) return "nothing";
  return JSON.stringify([sum.measures, [...sum.histogram].sort(([a], [b]) => a - b)]);
}
