import { type ConnectionJob, START_TASK, type SyncHint } from "@/lib/connections/schema";
import {
  type ConnectionRow,
  listReading,
  readConnection,
  updateConnection,
} from "@/lib/connections/store";
import { prisma } from "@/lib/db/client";
import { enqueue } from "@/lib/jobs/queue";
import { readBackfill } from "./backfill-service";
import { forgetOldCounts } from "./budget-store";
import { failureOf, isLasting } from "./failure";
import { readDueLists, readObjects } from "./list-service";
import { failConnection, openReader } from "./read-service";
import { RHYTHM } from "./rhythm";
import { isStopped, type Sync, syncSession } from "./session-service";
import { claimDue, claimOne, readDue } from "./sync-store";
import { claimWork, releaseWork } from "./work-store";

/** A turn of the sync; beyond it the next turn is another job, so that none runs for long. */
const TURN_MS = 15_000;
const LEASE_SECONDS = 60;
const SESSIONS_AT_ONCE = 4;
const AGAIN_MS = 2_000;
/** Webhooks count as working while one came within this time. */
const WEBHOOKS_FRESH_MS = 3_600_000;

/** Begins, or goes on: one job that reads what is due, one that reads history until it is complete. */
export async function startConnection(job: ConnectionJob): Promise<void> {
  const connection = await readConnection({ workspace: job.workspace, id: job.connectionId });
  if (!connection || !isReading(connection)) return;
  await enqueue(prisma, turnJob(job, 0));
  if (connection.state === "backfilling") await enqueue(prisma, backfillJob(job, 0));
}

const isReading = ({ state }: ConnectionRow) => state === "live" || state === "backfilling";

export const TURN_TASK = "sync_turn";
export const BACKFILL_TASK = "sync_backfill";

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

/** By the clock: connections whose job was lost with a killed process go on. */
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
  await working(job, { kind: "turn", urgent: false }, async (sync) => {
    const until = Date.now() + TURN_MS;
    await readDueLists(sync);
    while (Date.now() < until) {
      const due = await claimDue(sync.reader, SESSIONS_AT_ONCE, LEASE_SECONDS);
      if (due.length === 0) break;
      await Promise.all(due.map((row) => syncSession(sync, row)));
    }
    const { nextMs, overdueMs } = await readDue(sync.reader);
    const lagSeconds = Math.round(overdueMs / 1000);
    const key = { workspace: job.workspace, id: job.connectionId };
    await updateConnection(prisma, key, { lastSyncedAt: new Date(), lagSeconds });
    const wait = Math.min(AGAIN_MS, Math.max(0, nextMs ?? AGAIN_MS));
    return () => enqueue(prisma, turnJob(job, wait));
  });
}

/** A stretch of history; done when the oldest session is in. */
export async function takeBackfill(job: ConnectionJob): Promise<void> {
  await working(job, { kind: "backfill", urgent: false }, async (sync) => {
    const isDone = await readBackfill(sync, Date.now() + 2 * TURN_MS);
    return isDone ? undefined : () => enqueue(prisma, backfillJob(job, AGAIN_MS / 4));
  });
}

/** A webhook said that something happened: the session, agent or environment is looked at at once. */
export async function takeHint(hint: SyncHint): Promise<void> {
  const { workspace, connectionId, type, resourceId } = hint;
  const sync = await openSync({ workspace, connectionId }, true);
  if (!sync) return;
  await guarded(sync.connection, async () => {
    if (/^(agent|environment)\./.test(type)) return readObjects(sync);
    if (!type.startsWith("session.")) return;
    const row = await claimOne(sync.reader, resourceId, LEASE_SECONDS);
    if (row) await syncSession(sync, row);
  });
}

type Work = { kind: string; urgent: boolean };

/** Runs work that nobody else is at. What it returns is done last, when the work is free again. */
async function working(
  job: ConnectionJob,
  { kind, urgent }: Work,
  run: (sync: Sync) => Promise<(() => Promise<void>) | undefined>,
): Promise<void> {
  const sync = await openSync(job, urgent);
  if (!sync || !(await claimWork(sync.reader, kind, LEASE_SECONDS))) return;
  const after = await guarded(sync.connection, () => run(sync)).finally(() =>
    releaseWork(sync.reader, kind, 0),
  );
  await after?.();
}

async function openSync(job: ConnectionJob, urgent: boolean): Promise<Sync | null> {
  const connection = await readConnection({ workspace: job.workspace, id: job.connectionId });
  if (!connection || !isReading(connection)) return null;
  const { lastWebhookAt } = connection;
  return {
    connection,
    reader: { workspace: job.workspace, connectionId: job.connectionId },
    client: await openReader(connection, { urgent }),
    rhythm: RHYTHM,
    hasWebhooks: lastWebhookAt !== null && Date.now() - lastWebhookAt.getTime() < WEBHOOKS_FRESH_MS,
  };
}

/** A failure that waiting does not mend stops the connection with its reason; any other is the job's. */
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
