import { type ConnectionJob, START_TASK, type SyncHint } from "@/lib/connections/schema";
import {
  type ConnectionRow,
  listReading,
  readConnection,
  updateConnection,
} from "@/lib/connections/store";
import { prisma } from "@/lib/db/client";
import { logger } from "@/lib/http/logger";
import { enqueue } from "@/lib/jobs/queue";
import { readBackfill } from "./backfill-service";
import { forgetOldCounts } from "./budget-store";
import { failureOf, isLasting } from "./failure";
import { readLongLists, readObjects, readShortLists } from "./list-service";
import { failConnection, openReader } from "./read-service";
import { RHYTHM } from "./rhythm";
import { isStopped, type Sync, syncSession } from "./session-service";
import { claimDue, claimOne, readDue } from "./sync-store";
import { BACKFILL_TASK, SWEEP_TASK, TURN_TASK } from "./tasks";
import { AFTER_FAILURE_MS, whenDue } from "./work-service";

/** A turn of the sync; beyond it the next turn is another job, so that none runs for long. */
const TURN_MS = 15_000;
const LEASE_SECONDS = 60;
const SESSION_LEASE_SECONDS = 300;
const SESSIONS_AT_ONCE = 4;
const AGAIN_MS = 2_000;
/** Webhooks count as working while one came within this time. */
const WEBHOOKS_FRESH_MS = 3_600_000;

/** Begins, or goes on: jobs that read what is due, the long lists, and history until it is complete. */
export async function startConnection(job: ConnectionJob): Promise<void> {
  const connection = await readConnection({ workspace: job.workspace, id: job.connectionId });
  if (!connection || !isReading(connection)) return;
  await enqueue(prisma, turnJob(job, 0));
  await enqueue(prisma, { task: SWEEP_TASK, payload: job, key: `sweep:${job.connectionId}` });
  if (connection.state === "backfilling") await enqueue(prisma, backfillJob(job, 0));
}

const isReading = ({ state }: ConnectionRow) => state === "live" || state === "backfilling";

const turnJob = (job: ConnectionJob, waitMs: number) => ({
  task: TURN_TASK,
  payload: job,
  key: `turn:${job.connectionId}`,
  runAt: new Date(Date.now() + waitMs),
});

const backfillJob = (job: ConnectionJob, waitMs: number) => ({
  task: BACKFILL_TASK,
  payload: job,
  key: `backfill:${job.connectionId}`,
  runAt: new Date(Date.now() + waitMs),
  priority: 5,
});

/** By the clock: the long lists, and connections whose job was lost with a killed process go on. */
export async function reviveConnections(): Promise<void> {
  const reading = await listReading();
  for (const { workspace, id } of reading)
    await enqueue(prisma, {
      task: START_TASK,
      payload: { workspace, connectionId: id },
      key: `connection:${id}`,
    });
  await forgetOldCounts();
}

/** One turn: lists that are due, then sessions that are due, then a date for the next turn. */
export async function takeTurn(job: ConnectionJob): Promise<void> {
  const again = (waitMs: number) => enqueue(prisma, turnJob(job, waitMs));
  await working(job, { kind: "turn", again }, async (sync) => {
    const until = Date.now() + TURN_MS;
    await readShortLists(sync);
    while (Date.now() < until) {
      const due = await claimDue(sync.reader, SESSIONS_AT_ONCE, SESSION_LEASE_SECONDS);
      if (due.length === 0) break;
      await Promise.all(due.map((row) => syncSession(sync, row)));
    }
    const { nextMs, overdueMs } = await readDue(sync.reader);
    const lagSeconds = Math.round(overdueMs / 1000);
    const key = { workspace: job.workspace, id: job.connectionId };
    await updateConnection(prisma, key, { lastSyncedAt: new Date(), lagSeconds });
    return Math.min(AGAIN_MS, Math.max(0, nextMs ?? AGAIN_MS));
  });
}

/** A stretch of history; done when the oldest session is in. */
export async function takeBackfill(job: ConnectionJob): Promise<void> {
  const again = (waitMs: number) => enqueue(prisma, backfillJob(job, waitMs));
  await working(job, { kind: "backfill", again }, async (sync) => {
    const isDone = await readBackfill(sync, Date.now() + 2 * TURN_MS);
    return isDone ? null : AGAIN_MS / 4;
  });
}

/** The lists too long for a turn: sessions at work must not wait for them. Asked for by the clock. */
export async function takeSweep(job: ConnectionJob): Promise<void> {
  const sync = await openSync(job, { urgent: false });
  if (sync) await guarded(sync.connection, () => readLongLists(sync));
}

/** A webhook said that something happened: the session, agent or environment is looked at at once. */
export async function takeHint(hint: SyncHint): Promise<void> {
  const { workspace, connectionId, type, resourceId } = hint;
  const sync = await openSync({ workspace, connectionId }, { urgent: true });
  if (!sync) return;
  await guarded(sync.connection, async () => {
    if (/^(agent|environment)\./.test(type)) return readObjects(sync);
    if (!type.startsWith("session.")) return;
    const row = await claimOne(sync.reader, resourceId, SESSION_LEASE_SECONDS);
    if (row) await syncSession(sync, row);
  });
}

/**
 * Runs work that nobody else is at. What it returns comes next, once the work is free again; after a
 * failure, such as the platform's or the network's, it is tried again by `again`.
 */
async function working(
  job: ConnectionJob,
  { kind, again }: { kind: string; again: (waitMs: number) => Promise<void> },
  run: (sync: Sync) => Promise<number | null>,
): Promise<void> {
  const sync = await openSync(job, { urgent: false });
  if (!sync) return;
  let waitMs: number | null | undefined = null;
  await whenDue(sync.reader, { kind, leaseSeconds: LEASE_SECONDS }, async () => {
    waitMs = await guarded(sync.connection, () => run(sync)).catch((error: unknown) => {
      logger.warn({ connectionId: job.connectionId, kind, reason: String(error) }, "sync failed");
      return AFTER_FAILURE_MS;
    });
    return 0;
  });
  if (typeof waitMs === "number") await again(waitMs);
}

async function openSync(job: ConnectionJob, pace: { urgent: boolean }): Promise<Sync | null> {
  const connection = await readConnection({ workspace: job.workspace, id: job.connectionId });
  if (!connection || !isReading(connection)) return null;
  const { lastWebhookAt } = connection;
  return {
    connection,
    reader: { workspace: job.workspace, connectionId: job.connectionId },
    client: await openReader(connection, pace),
    rhythm: RHYTHM,
    hasWebhooks: lastWebhookAt !== null && Date.now() - lastWebhookAt.getTime() < WEBHOOKS_FRESH_MS,
  };
}

/** A failure that waiting does not mend stops the connection with its reason; any other is the caller's. */
async function guarded<T>(
  connection: ConnectionRow,
  run: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (isStopped(error)) return undefined;
    const { reason, message } = failureOf(error, new URL(connection.baseUrl).host);
    if (!isLasting(reason) && reason !== "missing_beta") throw error;
    await failConnection(connection, message);
    return undefined;
  }
}
