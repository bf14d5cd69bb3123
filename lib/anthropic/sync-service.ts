import { type ConnectionJob, START_TASK, type SyncHint } from "@/lib/connections/schema";
import {
  type ConnectionRow,
  listReading,
  readConnection,
  updateConnection,
} from "@/lib/connections/store";
import { prisma } from "@/lib/db/client";
import { logger } from "@/lib/http/logger";
import { enqueue, type Job } from "@/lib/jobs/queue";
import { markSynced } from "@/lib/metrics/meter-store";
import { readBackfill } from "./backfill-service";
import { hasBilling } from "./billing-service";
import { forgetOldCounts } from "./budget-store";
import { claimDue, claimOne } from "./claim-store";
import { failureOf, isLasting } from "./failure";
import { takeAlone } from "./intake-service";
import { readLongLists, readShortLists } from "./list-service";
import { isOfObject, readHinted } from "./object-service";
import { failConnection, openReader } from "./read-service";
import { markDiffering } from "./relist-store";
import { RHYTHM } from "./rhythm";
import { isStopped, type Sync, syncSession } from "./session-service";
import { countActive, readDue } from "./sync-store";
import { BACKFILL_TASK, BILLING_TASK, SWEEP_TASK, TURN_TASK } from "./tasks";
import { AFTER_FAILURE_MS, whenDue } from "./work-service";

/** A turn of the sync; beyond it the next turn is another job, so that none runs for long. */
const TURN_MS = 15_000;
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
  if (hasBilling(connection))
    await enqueue(prisma, { task: BILLING_TASK, payload: job, key: `billing:${job.connectionId}` });
}

const isReading = ({ state }: ConnectionRow) => state === "live" || state === "backfilling";

const turnJob = (job: ConnectionJob, waitMs: number): Job => ({
  task: TURN_TASK,
  payload: job,
  key: `turn:${job.connectionId}`,
  runAt: new Date(Date.now() + waitMs),
});

const backfillJob = (job: ConnectionJob, waitMs: number): Job => ({
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

/** One turn: sessions that are due and, when it is time, the short lists; then a date for the next turn. */
export async function takeTurn(job: ConnectionJob): Promise<void> {
  await working(job, { kind: "turn", next: turnJob }, async (sync) => {
    const until = Date.now() + TURN_MS;
    await whenDue(sync.reader, { kind: "relist", leaseMs: sync.rhythm.leaseMs }, async () => {
      await markDiffering(sync.reader);
      return sync.rhythm.relistMs;
    });
    const lane = async () => {
      do {
        await readShortLists(sync);
        const [row] = await claimDue(sync.reader, 1, sync.rhythm.leaseMs);
        if (!row) return;
        await syncSession(sync, row);
      } while (Date.now() < until);
    };
    // Each to its end, so that a list that fails keeps no session from being read.
    const lanes = await Promise.allSettled(Array.from({ length: SESSIONS_AT_ONCE }, lane));
    for (const ended of lanes) if (ended.status === "rejected") throw ended.reason;
    const { nextMs, overdueMs } = await readDue(sync.reader);
    const lagSeconds = Math.round(overdueMs / 1000);
    await noteSynced(job, new Date(), lagSeconds);
    return Math.min(AGAIN_MS, Math.max(0, nextMs ?? AGAIN_MS));
  });
}

/** How far the sync is, as it stands now and for the metrics' history. */
async function noteSynced(job: ConnectionJob, now: Date, lagSeconds: number): Promise<void> {
  const key = { workspace: job.workspace, id: job.connectionId };
  await prisma.$transaction(async (tx) => {
    await updateConnection(tx, key, { lastSyncedAt: now, lagSeconds });
    await markSynced(tx, job, now, new Date(now.getTime() - lagSeconds * 1000));
  });
}

/** A stretch of history; done when the oldest session is in. */
export async function takeBackfill(job: ConnectionJob): Promise<void> {
  await working(job, { kind: "backfill", next: backfillJob }, async (sync) => {
    const isDone = await readBackfill(sync, Date.now() + 2 * TURN_MS);
    return isDone ? null : AGAIN_MS / 4;
  });
}

/** The lists too long for a turn: sessions at work must not wait for them. Asked for by the clock. */
export async function takeSweep(job: ConnectionJob): Promise<void> {
  const sync = await openSync(job, { urgent: false });
  if (sync) await guarded(sync.connection, () => readLongLists(sync));
}

/** A webhook said that something happened: what it names is looked at at once. */
export async function takeHint(hint: SyncHint): Promise<void> {
  const { workspace, connectionId, type, resourceId } = hint;
  const sync = await openSync({ workspace, connectionId }, { urgent: true });
  if (!sync) return;
  await guarded(sync.connection, async () => {
    if (isOfObject(type)) return readHinted(sync, type, resourceId);
    if (!type.startsWith("session.")) return;
    const row = await claimOne(sync.reader, resourceId, sync.rhythm.leaseMs);
    if (row) await syncSession(sync, row);
  });
}

/**
 * Runs work that nobody else is at, and then makes the `next` job of it in the ms that `run` answers,
 * none for null. A failure, such as the platform's or the network's, is tried again.
 */
async function working(
  job: ConnectionJob,
  { kind, next }: { kind: string; next: (job: ConnectionJob, waitMs: number) => Job },
  run: (sync: Sync) => Promise<number | null>,
): Promise<void> {
  const sync = await openSync(job, { urgent: false });
  if (!sync) return;
  let waitMs: number | null | undefined = null;
  const { leaseMs } = sync.rhythm;
  const isMine = await whenDue(sync.reader, { kind, leaseMs }, async () => {
    waitMs = await guarded(sync.connection, () => run(sync)).catch((error: unknown) => {
      logger.warn({ connectionId: job.connectionId, kind, reason: String(error) }, "sync failed");
      return AFTER_FAILURE_MS;
    });
    return 0;
  });
  // Who is at it makes the next job; should that process have died, this one is left.
  if (!isMine) await enqueue(prisma, { ...next(job, leaseMs), keepsTime: true });
  else if (typeof waitMs === "number") await enqueue(prisma, next(job, waitMs));
}

export async function openSync(
  job: ConnectionJob,
  pace: { urgent: boolean },
): Promise<Sync | null> {
  const connection = await readConnection({ workspace: job.workspace, id: job.connectionId });
  if (!connection || !isReading(connection)) return null;
  const { lastWebhookAt } = connection;
  const reader = { workspace: job.workspace, connectionId: job.connectionId };
  return {
    connection,
    reader,
    client: await openReader(connection, pace),
    rhythm: RHYTHM,
    active: await countActive(reader),
    take: takeAlone(reader),
    urgent: pace.urgent,
    hasWebhooks: lastWebhookAt !== null && Date.now() - lastWebhookAt.getTime() < WEBHOOKS_FRESH_MS,
  };
}

/** A failure that waiting does not mend stops the connection with its reason; any other is the caller's. */
export async function guarded<T>(
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
