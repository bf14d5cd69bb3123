import { record } from "@/lib/audit/service";
import { newId } from "@/lib/auth/secrets";
import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { makeRemains } from "@/lib/ingest/remains-store";
import type { SessionName } from "@/lib/ingest/seal-store";
import { enqueue } from "@/lib/jobs/queue";
import { addToCells, readCells, withdrawCells } from "@/lib/metrics/cell-store";
import { addCells, settledCells } from "@/lib/metrics/cells";
import { settleStaleDay } from "@/lib/metrics/promoted-rollup-service";
import { addUp, firstMinute } from "@/lib/metrics/rollup-service";
import type { Cell, Promoted } from "@/lib/metrics/schema";
import { aboutOf, addReports, erasureItem, NOTHING, namelessCell, remainsIn } from "./erasure";
import {
  ERASE_TASK,
  type ErasureItem,
  type ErasurePreview,
  type ErasureReport,
  type NewErasure,
} from "./erasure-schema";
import {
  claimErasure,
  countRows,
  type ErasureKey,
  type ErasureRow,
  listErasures,
  lockAsked,
  readErasing,
  readErasure,
  readPreview,
  readRolled,
  saveErasure,
  updateErasure,
} from "./erasure-store";
import { forgetSessions } from "./gone-store";
import { lockHolds } from "./hold-store";
import { deleteEmptySums, scrubNames } from "./scrub-store";
import { ErasureSubject } from "./subject-schema";

const FOR_MS = 20_000;
/** Sessions of one transaction. */
const AT_ONCE = 10;

export const previewErasure = (
  workspace: string,
  { subject }: { subject: ErasureSubject },
): Promise<ErasurePreview> => readPreview(workspace, subject);

/**
 * Has the worker erase what a preview told of. Throws `not_found` when there is nothing like it, and
 * `conflict` when it is not what the preview told of any more, or something of it is held.
 */
export async function askToErase(
  workspace: string,
  { subject, reason, sessions }: NewErasure,
  { by, now = new Date() }: { by: string; now?: Date },
): Promise<ErasureItem> {
  const row = await prisma.$transaction(async (tx) => {
    await lockHolds(tx, workspace);
    const found = await readPreview(workspace, subject, tx);
    refuse(found, sessions);
    const saved = await saveErasure(
      tx,
      {
        ...{ workspace, id: newId("erase"), about: aboutOf(subject), reason, sessions },
        ...{ askedBy: by, createdAt: now },
      },
      subject,
    );
    const { about } = saved;
    const deed = { target: { id: saved.id }, after: { about, sessions }, reason };
    await record(tx, workspace, { action: "erasure.asked", ...deed });
    await enqueue(tx, { task: ERASE_TASK, payload: {}, key: ERASE_TASK });
    return saved;
  }, PATIENT);
  return erasureItem(row);
}

function refuse(found: ErasurePreview, sessions: number): void {
  const [hold] = found.holds;
  if (hold)
    throw new AppError(
      "conflict",
      `${hold.sessions} of these sessions are held (${hold.id}: ${hold.reason}): lift the hold first, or ask for the others alone.`,
    );
  if (found.sessions === 0)
    throw new AppError("not_found", "No session is like that; it may be erased already.");
  if (found.sessions !== sessions)
    throw new AppError(
      "conflict",
      `There are ${found.sessions} such sessions now, not ${sessions}: look at the preview again.`,
    );
}

export async function readErasures(workspace: string): Promise<{ data: ErasureItem[] }> {
  return { data: (await listErasures(workspace)).map(erasureItem) };
}

/** Throws `not_found`. */
export async function readErasureItem(key: ErasureKey): Promise<ErasureItem> {
  const row = await readErasure(key);
  if (!row) throw new AppError("not_found", "There is no such erasure.");
  return erasureItem(row);
}

/**
 * Goes on with what is to be erased, some time long, and asks to be called again. Each part is one
 * transaction that also says what it took: a process that dies in the middle leaves whole sessions behind.
 */
export async function eraseSessions(now: () => Date = () => new Date()): Promise<void> {
  const untilMs = performance.now() + FOR_MS;
  for (;;) {
    const key = await readErasing();
    if (!key) return;
    const row = await prisma.$transaction((tx) => eraseSome(tx, key, now()), PATIENT);
    // Another process is at it.
    if (row === "busy") return;
    if (row === "settling") await settle(key, now());
    if (performance.now() > untilMs) break;
  }
  await enqueue(prisma, { task: ERASE_TASK, payload: {}, key: ERASE_TASK });
}

async function eraseSome(
  tx: Db,
  key: ErasureKey,
  now: Date,
): Promise<"busy" | "erased" | "settling"> {
  const row = await claimErasure(tx, key);
  if (!row) return "busy";
  const subject = ErasureSubject.safeParse(row.subject).data;
  const found = subject ? await lockAsked(tx, row.workspace, subject, AT_ONCE) : [];
  if (found.length === 0) {
    // What it was about is forgotten as soon as it is not needed.
    await updateErasure(tx, row, { state: "settling", isOver: true });
    return "settling";
  }
  const report = addReports(row.report as ErasureReport, await erase(tx, row, found, now));
  await updateErasure(tx, row, { report });
  return "erased";
}

async function erase(
  tx: Db,
  { workspace, id }: ErasureRow,
  sessions: readonly SessionName[],
  now: Date,
): Promise<Partial<ErasureReport>> {
  const counts = await countRows(tx, workspace, sessions);
  const cells = await keepTotals(tx, workspace, sessions);
  const scrubbed = await scrubNames(tx, workspace, sessions);
  await forgetSessions(tx, workspace, sessions, { now, erasureId: id });
  return { ...counts, ...scrubbed, sessions: sessions.length, remains: remainsIn(cells) };
}

/** Moves what sessions give to the totals to what remains under the same labels, without any words of theirs. */
async function keepTotals(
  tx: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<Cell[]> {
  const known = (await readRolled(tx, workspace, sessions)).map(({ rolled, ...name }) => ({
    ...{ ...name, rolled: { ...rolled, ...namelessLabels(rolled.promoted) } },
  }));
  const all: Cell[] = [];
  const given = new Map<SessionName, Cell[]>();
  for (const one of known) {
    const of = { workspace, connectionId: one.connectionId };
    const cells = settledCells(await readCells(tx, of, one.sessionId)).map(namelessCell);
    given.set(one, cells);
    all.push(...cells);
  }
  await withdrawCells(tx, workspace, sessions);
  const names = await makeRemains(tx, workspace, known);
  for (const [at, one] of known.entries()) {
    const { dimensions, promoted } = one.rolled;
    const labels = { sessionId: names[at] ?? "", dimensions, promoted };
    const of = { workspace, connectionId: one.connectionId };
    await addToCells(tx, of, [{ ...labels, cells: summed(given.get(one) ?? []) }]);
  }
  return all;
}

/** Values of metadata stay no longer than who they tell of: they are counted among those without a name. */
function namelessLabels(promoted: Promoted | undefined): { promoted?: Promoted } {
  if (promoted === undefined) return {};
  return { promoted: Object.fromEntries(Object.keys(promoted).map((id) => [id, null])) };
}

/** Each place once: errors that are told apart by their words only are one now. */
function summed(cells: readonly Cell[]): Cell[] {
  const sums = new Map<string, Cell>();
  addCells(sums, cells, 1);
  return settledCells(sums.values());
}

/** Until the differences are added up, the sums still go by what was erased; sums of nothing go then. */
async function settle(key: ErasureKey, now: Date): Promise<void> {
  while ((await addUp(now)) > 0);
  while (await settleStaleDay(firstMinute(now)));
  await prisma.$transaction(async (tx) => {
    const row = await claimErasure(tx, key);
    if (row?.state !== "settling") return;
    await deleteEmptySums(tx, key.workspace);
    await updateErasure(tx, row, { state: "done", finishedAt: now, isOver: true });
    const { remains, ...removed } = addReports(row.report as ErasureReport, NOTHING);
    const deed = { target: { id: row.id }, after: removed, reason: row.reason };
    await record(tx, key.workspace, { action: "erasure.done", ...deed });
  }, PATIENT);
}
