import { holdPrices, readCurrentBook } from "@/lib/costs/prices-store";
import { REPRICE_TASK } from "@/lib/costs/repricing-schema";
import {
  addParts as addStoredParts,
  claimRepricing,
  countOtherwisePriced,
  type PartDifference,
  type RepricingRow,
  readOtherwisePriced,
  readWorking,
  updateRepricing,
} from "@/lib/costs/repricing-store";
import type { PriceBook } from "@/lib/costs/schema";
import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { enqueue } from "@/lib/jobs/queue";
import { tellChanged } from "@/lib/live/store";
import { readCells } from "@/lib/metrics/cell-store";
import { loadSessions } from "./arrival-service";
import { countEvents } from "./event-store";
import { foldSessions } from "./fold-service";
import { writeFolded } from "./folded-service";
import { addParts, addToParts, isChange } from "./repriced";
import type { Origin } from "./schema";

/** Of one transaction: their sessions wait meanwhile for what comes in. */
const AT_ONCE = 20;
const FOR_MS = 20_000;
const ALL = 2_000_000_000;

/**
 * Goes on with what was asked for, some time long, and asks to be called again. Each part is one
 * transaction that also says how far it is: a process that dies in the middle leaves a whole number of
 * parts behind, and whoever comes next goes on from there.
 */
export async function repriceHistory(now: () => Date = () => new Date()): Promise<void> {
  const untilMs = performance.now() + FOR_MS;
  for (;;) {
    const key = await readWorking();
    if (!key) return;
    const went = await prisma.$transaction((tx) => repriceSome(tx, key, now()), PATIENT);
    // Another process is at it.
    if (!went) return;
    if (performance.now() > untilMs) break;
  }
  await enqueue(prisma, { task: REPRICE_TASK, payload: {}, key: REPRICE_TASK });
}

async function repriceSome(
  tx: Db,
  key: { workspace: string; id: string },
  now: Date,
): Promise<boolean> {
  await holdPrices(tx, key.workspace);
  const row = await claimRepricing(tx, key);
  if (!row) return false;
  const book = await readCurrentBook(tx, key.workspace);
  if (book.version !== row.version) {
    await updateRepricing(tx, row, { state: "replaced", finishedAt: now });
    return true;
  }
  const { workspace, version } = row;
  const sessions =
    row.sessions ?? (await countOtherwisePriced(workspace, version, { limit: ALL, db: tx }));
  const found = await readOtherwisePriced(tx, row, AT_ONCE);
  const sum: Sum = { parts: new Map(), changed: 0, kept: 0 };
  for (const connectionId of new Set(found.map((one) => one.connectionId))) {
    const ids = found.filter((one) => one.connectionId === connectionId);
    const origin: Origin = { workspace, connectionId, source: "push" };
    await repriceSessions(
      tx,
      origin,
      { ids: ids.map((one) => one.sessionId), row, book, now },
      sum,
    );
  }
  const last = found.at(-1);
  await addStoredParts(tx, row, [...sum.parts.values()]);
  await updateRepricing(tx, row, {
    sessions,
    done: row.done + found.length,
    changed: row.changed + sum.changed,
    kept: row.kept + sum.kept,
    ...(last ? { afterSession: last.sessionId, afterConnection: last.connectionId } : {}),
    ...(found.length < AT_ONCE ? { state: "done", finishedAt: now } : {}),
  });
  return true;
}

type Sum = { parts: Map<string, PartDifference>; changed: number; kept: number };
type Asked = { ids: readonly string[]; row: RepricingRow; book: PriceBook; now: Date };

/** Folds them anew with the prices that hold; a preview only leaves out the writing. */
async function repriceSessions(
  tx: Db,
  origin: Origin,
  { ids, row, book, now }: Asked,
  sum: Sum,
): Promise<void> {
  const batches = ids.map((sessionId) => ({
    ...{ sessionId, events: [], versions: [], threads: new Map() },
  }));
  const loaded = await loadSessions(tx, origin, batches, now.toISOString().slice(0, 10));
  const days = new Map(loaded.map((work) => [work.sessionId, work.day]));
  const stored = await countEvents(tx, origin, days);
  // Of one whose events are not all here any more, no other cost can be derived: it keeps what it has.
  // Sealed ones are not even loaded.
  const works = loaded.filter(({ sessionId, fold }) => (stored.get(sessionId) ?? 0) >= fold.events);
  sum.kept += ids.length - works.length;
  for (const work of works) Object.assign(work, { book, mustRefold: true, isChanged: true });
  const folded = await foldSessions(tx, origin, days, works);
  for (const { sessionId, before, rolled, cells } of folded.contributions) {
    const parts: Sum["parts"] = new Map();
    const was = await readCells(tx, origin, sessionId);
    addToParts(
      parts,
      { agent: before?.dimensions.agent ?? "", cells: was },
      { agent: rolled.dimensions.agent, cells },
    );
    if (isChange(parts)) sum.changed++;
    addParts(sum.parts, parts);
  }
  if (row.kind === "preview") return;
  await writeFolded(tx, origin, days, folded);
  await tellChanged(
    tx,
    origin,
    works.map((work) => work.sessionId),
  );
}
