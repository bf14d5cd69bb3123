import { record } from "@/lib/audit/service";
import { newId } from "@/lib/auth/secrets";
import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { dropContent } from "@/lib/ingest/content-service";
import { mergeIntoRemains } from "@/lib/ingest/remains-store";
import { seal } from "@/lib/ingest/seal-service";
import type { SessionName } from "@/lib/ingest/seal-store";
import { enqueue } from "@/lib/jobs/queue";
import { bareUnsaid, deleteUnnamed } from "./config-service";
import { forgetSessions } from "./gone-store";
import { type AllCutoffs, cutoffsOf, isForEver } from "./policy";
import {
  deleteRows,
  dropDay,
  isLockTimeout,
  type Rows,
  readDayLeft,
  readEmptyDay,
} from "./rows-store";
import { addCounts, runItem, STAGES, type Stage, stageAfter, stageOf } from "./run";
import {
  claimRun,
  dropRejected,
  lockDue,
  type Progress,
  type RunKey,
  type RunRow,
  readWorking,
  saveRun,
  updateRun,
} from "./run-store";
import type { Kind, RetentionRunItem, RunCounts } from "./schema";
import { listWorkspaces, readSettings } from "./settings-store";

export const RETAIN_TASK = "apply_retention";

const FOR_MS = 20_000;
/** Sessions of one transaction: what comes in for them waits meanwhile. */
const AT_ONCE: Record<Kind, number> = { content: 10, events: 50, spans: 100, sessions: 50 };
const ROWS_OF = 20;
const REJECTED_AT_ONCE = 2_000;
const DAY_MS = 86_400_000;

/** By the clock: begins in every workspace that keeps anything for a time only. */
export async function startRuns(now: Date): Promise<void> {
  for (const workspace of await listWorkspaces()) await begin(workspace, "", now);
}

/** Has the worker begin now. Throws `conflict` while it is at it, and when nothing is to go at any time. */
export async function askForRun(
  workspace: string,
  by: string,
  now = new Date(),
): Promise<RetentionRunItem> {
  const run = await begin(workspace, by, now);
  if (run === "for ever")
    throw new AppError("conflict", "Everything is kept for ever: set how long it stays first.");
  if (run === "working") throw new AppError("conflict", "Retention is at work already.");
  return run;
}

async function begin(workspace: string, askedBy: string, now: Date) {
  const cutoffs = cutoffsOf(await readSettings(workspace), now);
  if (isForEver(cutoffs)) return "for ever";
  const [stage] = STAGES;
  const run = { workspace, id: newId("ret"), askedBy, startedAt: now, stage, cutoffs };
  return prisma.$transaction(async (tx) => {
    if (!(await saveRun(tx, run))) return "working";
    await enqueue(tx, { task: RETAIN_TASK, payload: {}, key: RETAIN_TASK });
    const rest = { state: "working", counts: {}, partitions: [], finishedAt: null };
    return runItem({ ...run, ...rest });
  });
}

/**
 * Goes on with what was begun, some time long, and asks to be called again. Each part is one transaction
 * that also says how far it is: a process that dies in the middle leaves a whole number of parts behind,
 * and whoever comes next goes on from there. Of two workers one is at it.
 */
export async function applyRetention(now: () => Date = () => new Date()): Promise<void> {
  const untilMs = performance.now() + FOR_MS;
  for (;;) {
    const key = await readWorking();
    if (!key || !(await goOn(key, now()))) return;
    if (performance.now() > untilMs) break;
  }
  await enqueue(prisma, { task: RETAIN_TASK, payload: {}, key: RETAIN_TASK });
}

/** One part. False when another process is at it. */
export async function goOn(key: RunKey, now: Date): Promise<boolean> {
  const part = (mayDrop: boolean) =>
    prisma.$transaction((tx) => doPart(tx, key, { now, mayDrop }), PATIENT);
  try {
    return await part(true);
  } catch (error) {
    // Somebody reads for long: this day's rows are removed one by one.
    if (!isLockTimeout(error)) throw error;
    return part(false);
  }
}

type How = { now: Date; mayDrop: boolean };
/** How far a part has come: `next` where its stage is through. */
type Part = Omit<Progress, "counts"> & { next?: boolean; counted?: Partial<RunCounts> };

async function doPart(tx: Db, key: RunKey, how: How): Promise<boolean> {
  const run = await claimRun(tx, key);
  if (!run) return false;
  const stage = stageOf(run.stage) ?? "sessions";
  const { next, counted, ...progress } = await partOf(tx, run, stage, how);
  const counts = addCounts(run.counts, counted ?? {});
  if (!next) {
    await updateRun(tx, run, { ...progress, counts });
    return true;
  }
  const after = stageAfter(stage);
  const place = { afterSession: "", afterConnection: "" };
  if (after) {
    await updateRun(tx, run, { ...progress, ...place, counts, stage: after });
    return true;
  }
  await updateRun(tx, run, { ...progress, counts, state: "done", finishedAt: how.now });
  if (Object.values(counts).some((count) => count > 0)) {
    const partitions = run.partitions.length;
    const deed = { target: { id: run.id }, after: { ...counts, partitions } };
    await record(tx, run.workspace, { action: "retention.applied", ...deed });
  }
  return true;
}

function partOf(tx: Db, run: RunRow, stage: Stage, how: How): Promise<Part> {
  switch (stage) {
    case "sessions":
    case "content":
    case "events":
    case "spans":
      return dropSome(tx, run, stage, how);
    case "configurations":
      return dropConfigs(tx, run);
    case "event rows":
      return clearSome(tx, run, "event", how);
    case "span rows":
      return clearSome(tx, run, "span", how);
    case "partitions":
      return dropEmpty(tx, run, how);
    case "rejected items":
      return emptyRejected(tx, run);
  }
}

async function dropSome(tx: Db, run: RunRow, kind: Kind, { now }: How): Promise<Part> {
  const limit = AT_ONCE[kind];
  const cutoffs = run.cutoffs as AllCutoffs;
  const due = await lockDue(tx, run, { cutoffs, kind, limit });
  const counted = await dropKind(tx, run.workspace, kind, { due, now });
  const last = due.at(-1);
  const place = last ? { afterSession: last.sessionId, afterConnection: last.connectionId } : {};
  return { ...place, counted, next: due.length < limit };
}

async function dropConfigs(tx: Db, { workspace }: RunRow): Promise<Part> {
  await deleteUnnamed(tx, workspace);
  await bareUnsaid(tx, workspace);
  return { next: true };
}

type Due = { due: readonly SessionName[]; now: Date };

async function dropKind(
  tx: Db,
  workspace: string,
  kind: Kind,
  { due, now }: Due,
): Promise<Partial<RunCounts>> {
  if (kind === "content") return dropContents(tx, workspace, { due, now });
  if (kind === "sessions") {
    await mergeIntoRemains(tx, workspace, due);
    await forgetSessions(tx, workspace, due, { now, erasureId: null });
  } else await seal(tx, workspace, due, { spans: kind === "spans", now });
  return { [kind]: due.length };
}

async function dropContents(tx: Db, workspace: string, { due, now }: Due) {
  const counted = { content: 0, kept: 0 };
  for (const connectionId of new Set(due.map((one) => one.connectionId))) {
    const ids = due.filter((one) => one.connectionId === connectionId);
    const { dropped, kept } = await dropContent(
      tx,
      { workspace, connectionId, source: "push" },
      ids.map((one) => one.sessionId),
      now,
    );
    counted.content += dropped.length;
    counted.kept += kept.length;
  }
  return counted;
}

/** The place that is reached is a day here: `afterSession` holds it. */
async function clearSome(tx: Db, run: RunRow, rows: Rows, { now, mayDrop }: How): Promise<Part> {
  const { workspace, partitions } = run;
  const day = await readDayLeft(tx, workspace, rows, run.afterSession || "-infinity");
  if (day === null) return { next: true };
  if (mayDrop && isOver(day, now) && (await dropDay(tx, rows, day)))
    return { afterSession: day, partitions: [...partitions, `${rows} ${day}`] };
  const gone = await deleteRows(tx, workspace, rows, { day, limit: ROWS_OF });
  const counted = rows === "event" ? { event_rows: gone.rows } : { span_rows: gone.rows };
  return gone.sessions < ROWS_OF ? { afterSession: day, counted } : { counted };
}

/** Whether no session begins on that day any more, by clocks that differ by less than a day. */
const isOver = (day: string, now: Date) => day < dayBefore(now);
const dayBefore = (now: Date) => new Date(now.getTime() - DAY_MS).toISOString().slice(0, 10);

/** Partitions that nothing is in any more, one day a part. */
async function dropEmpty(tx: Db, run: RunRow, { now, mayDrop }: How): Promise<Part> {
  const after = run.afterSession || "-infinity";
  const before = dayBefore(now);
  const days = await Promise.all([
    readEmptyDay(tx, "event", { after, before }),
    readEmptyDay(tx, "span", { after, before }),
  ]);
  const day = days.flatMap((one) => one ?? []).sort()[0];
  if (day === undefined) return { next: true };
  const partitions = [...run.partitions];
  if (mayDrop)
    for (const [at, rows] of (["event", "span"] as const).entries())
      if (days[at] === day && (await dropDay(tx, rows, day))) partitions.push(`${rows} ${day}`);
  return { afterSession: day, partitions };
}

async function emptyRejected(tx: Db, { workspace, cutoffs }: RunRow): Promise<Part> {
  const rejected = await dropRejected(tx, workspace, cutoffs as AllCutoffs, REJECTED_AT_ONCE);
  return { counted: { rejected }, next: rejected < REJECTED_AT_ONCE };
}
