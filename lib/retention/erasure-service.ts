import { record } from "@/lib/audit/service";
import { newId } from "@/lib/auth/secrets";
import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import type { SessionName } from "@/lib/ingest/seal-store";
import { enqueue } from "@/lib/jobs/queue";
import { settleStaleDay } from "@/lib/metrics/promoted-rollup-service";
import { addUp, firstMinute } from "@/lib/metrics/rollup-service";
import { deleteUnnamed } from "./config-service";
import { aboutOf, addReports, erasureItem, problemOf, remainsIn } from "./erasure";
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
  saveErasure,
  updateErasure,
} from "./erasure-store";
import { forgetSessions } from "./gone-store";
import { lockHolds } from "./hold-store";
import { scrubSessions } from "./scrub-service";
import { ErasureSubject } from "./subject-schema";
import { keepTotals, settleSums } from "./totals-service";

const FOR_MS = 20_000;
/** Sessions of one transaction. */
const AT_ONCE = 10;
const MOST_TRIES = 10;

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
 * One that fails stands back behind the others; the first error is thrown when all had their turn.
 */
export async function eraseSessions(now: () => Date = () => new Date()): Promise<void> {
  const untilMs = performance.now() + FOR_MS;
  const failed = new Map<string, unknown>();
  for (;;) {
    const key = await readErasing([...failed.keys()]);
    if (!key) break;
    try {
      const row = await prisma.$transaction((tx) => eraseSome(tx, key, now()), PATIENT);
      // Another process is at it.
      if (row === "busy") return;
      if (row === "settling") await settle(key, now());
    } catch (error) {
      failed.set(key.id, error);
      await noteFailure(key, problemOf(error), now());
    }
    if (performance.now() > untilMs) {
      await enqueue(prisma, { task: ERASE_TASK, payload: {}, key: ERASE_TASK });
      break;
    }
  }
  for (const error of failed.values()) throw error;
}

/** One that fails while sessions go is given up in the end, and its subject forgotten: it can be asked for again. */
async function noteFailure(key: ErasureKey, problem: string, now: Date): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const row = await claimErasure(tx, key);
    if (!row) return;
    const tries = row.tries + 1;
    const isGivenUp = row.state === "working" && tries >= MOST_TRIES;
    const end = isGivenUp ? { state: "failed", finishedAt: now, isOver: true } : {};
    await updateErasure(tx, row, { tries, problem, ...end });
    if (!isGivenUp) return;
    const deed = { target: { id: row.id }, after: { problem }, reason: row.reason };
    await record(tx, key.workspace, { action: "erasure.failed", ...deed });
  }, PATIENT);
}

async function eraseSome(
  tx: Db,
  key: ErasureKey,
  now: Date,
): Promise<"busy" | "erased" | "settling"> {
  const row = await claimErasure(tx, key);
  if (!row) return "busy";
  const subject = subjectOf(row);
  const found = subject ? await lockAsked(tx, row.workspace, subject, AT_ONCE) : [];
  if (found.length === 0) {
    await deleteUnnamed(tx, row.workspace);
    await updateErasure(tx, row, { state: "settling" });
    return "settling";
  }
  await erase(tx, row, found, now);
  return "erased";
}

const subjectOf = (row: ErasureRow): ErasureSubject | null =>
  ErasureSubject.safeParse(row.subject).data ?? null;

async function erase(
  tx: Db,
  row: ErasureRow,
  sessions: readonly SessionName[],
  now: Date,
): Promise<void> {
  const { workspace, id } = row;
  const counts = await countRows(tx, workspace, sessions);
  const { cells, words } = await keepTotals(tx, workspace, sessions);
  const scrubbed = await scrubSessions(tx, workspace, { sessions, subject: subjectOf(row) });
  await forgetSessions(tx, workspace, sessions, { now, erasureId: id });
  const own = { ...counts, sessions: sessions.length, remains: remainsIn(cells) };
  const report = addReports(addReports(row.report as ErasureReport, own), scrubbed);
  await updateErasure(tx, row, { report, words: [...new Set([...row.words, ...words])] });
}

/** Until the differences are added up, the sums still go by what was erased, and alerts may be called after it. */
async function settle(key: ErasureKey, now: Date): Promise<void> {
  while ((await addUp(now)) > 0);
  while (await settleStaleDay(firstMinute(now)));
  await prisma.$transaction(async (tx) => {
    const row = await claimErasure(tx, key);
    if (row?.state !== "settling") return;
    const subject = subjectOf(row);
    const scrubbed = await settleSums(tx, key.workspace, { subject, words: row.words });
    const report = addReports(row.report as ErasureReport, scrubbed);
    const end = { state: "done", finishedAt: now, isOver: true, problem: null };
    await updateErasure(tx, row, { report, ...end });
    const { remains, written, ...removed } = report;
    const deed = { target: { id: row.id }, after: removed, reason: row.reason };
    await record(tx, key.workspace, { action: "erasure.done", ...deed });
  }, PATIENT);
}
