import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { enqueue } from "@/lib/jobs/queue";
import { MOST_VALUES, nameable } from "@/lib/metrics/promoted";
import { storeSums } from "@/lib/metrics/promoted-rollup-service";
import { PROMOTE_TASK } from "@/lib/metrics/promoted-schema";
import {
  claimPromotion,
  deletePromotion,
  deleteSums,
  type PromotedRow,
  readUnfinished,
  updatePromotion,
} from "@/lib/metrics/promoted-store";
import { addPromoted, type Sums } from "@/lib/metrics/rollup";
import { addUp, firstMinute } from "@/lib/metrics/rollup-service";
import { readCellsOf, waitToAddUp } from "@/lib/metrics/rollup-store";
import { countSessions, lockNext, lockRemains, readSayings, writeSayings } from "./promote-store";
import { renameRemains } from "./remains-store";

/** Of one transaction: their sessions wait meanwhile for what comes in. */
const AT_ONCE = 200;
const FORGOTTEN_AT_ONCE = 20_000;
const FOR_MS = 20_000;

/**
 * Goes on with what was promoted or taken back, some time long, and asks to be called again. Each part is
 * one transaction that also says how far it is: a process that dies in the middle leaves a whole number
 * of parts behind, and whoever comes next goes on from there.
 */
export async function fillPromoted(
  now: () => Date = () => new Date(),
  most = MOST_VALUES,
): Promise<void> {
  const untilMs = performance.now() + FOR_MS;
  for (;;) {
    const row = await readUnfinished();
    if (!row) return;
    const went = await (row.state === "removing" ? forgetSome(row) : fillPart(row, now(), most));
    // Another process is at it.
    if (!went) return;
    if (performance.now() > untilMs) break;
    // Whoever adds up gives way while a part is counted; this makes up for it.
    await addUp(now(), undefined, most);
  }
  await enqueue(prisma, { task: PROMOTE_TASK, payload: {}, key: PROMOTE_TASK });
}

const fillPart = (row: PromotedRow, now: Date, most: number) =>
  prisma.$transaction((tx) => fillSome(tx, row, now, most), PATIENT);

/**
 * Counts the next sessions under the key, from their cells. One that came or changed since the promotion
 * is counted already, as its state says, which is read and written under the session's lock.
 */
async function fillSome(tx: Db, key: PromotedRow, now: Date, most: number): Promise<boolean> {
  const row = await claimPromotion(tx, key);
  if (!row) return false;
  const { workspace, id } = row;
  const sessions = row.sessions ?? (await countSessions(tx, workspace));
  const found = await lockNext(tx, row, AT_ONCE);
  const isLast = found.length < AT_ONCE;
  // Of sessions that are gone nobody knows what they said: they are counted with the other values.
  const remains = isLast ? await lockRemains(tx, row, AT_ONCE) : [];
  const sayings = [
    ...(await readSayings(tx, row, found)).map(({ said, ...one }) => ({
      ...{ ...one, value: nameable(said ?? "") },
    })),
    ...remains.map((one) => ({ ...one, value: null })),
  ];
  const said = new Map(sayings.map((one) => [nameOf(one), one.value]));
  const sums: Sums = new Map();
  const kept = { firstMinute: firstMinute(now), promotions: new Set([id]) };
  for (const { delta, ...session } of await readCellsOf(tx, workspace, sayings))
    addPromoted(sums, { ...delta, promoted: { [id]: said.get(nameOf(session)) ?? null } }, kept);
  await waitToAddUp(tx);
  await storeSums(tx, sums, most);
  await writeSayings(tx, row, sayings);
  await renameRemains(tx, workspace, remains);
  const last = found.at(-1);
  await updatePromotion(tx, row, {
    sessions,
    done: row.done + found.length,
    ...(last ? { afterSession: last.sessionId, afterConnection: last.connectionId } : {}),
    ...(isLast && remains.length < AT_ONCE ? { state: "ready", filledAt: now } : {}),
  });
  return true;
}

const nameOf = ({ sessionId, connectionId }: { sessionId: string; connectionId: string }) =>
  `${connectionId}\n${sessionId}`;

/** The last part waits for whoever adds up: who begins after it knows that the key is promoted no more. */
const forgetSome = (key: PromotedRow): Promise<boolean> =>
  prisma.$transaction(async (tx) => {
    const row = await claimPromotion(tx, key);
    if (!row) return false;
    if ((await deleteSums(tx, row, FORGOTTEN_AT_ONCE)) < FORGOTTEN_AT_ONCE) {
      await waitToAddUp(tx);
      await deletePromotion(tx, row);
    }
    return true;
  }, PATIENT);
