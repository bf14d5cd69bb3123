import type Anthropic from "@anthropic-ai/sdk";
import type { ConnectionRow } from "@/lib/connections/store";
import { prisma } from "@/lib/db/client";
import { readUntil } from "@/lib/ingest/base-store";
import { readRetained } from "@/lib/ingest/seal-store";
import { uniformIso } from "@/lib/time/micros";
import type { Reader } from "./budget-store";
import { renewClaims, type SyncRow } from "./claim-store";
import { readOwnList, readThreads } from "./events-service";
import { failureOf, isLasting } from "./failure";
import type { Take } from "./intake-service";
import { absent, takeMissing } from "./missing-service";
import { omissionsOfEnding, tallied } from "./omissions";
import { noteOmissions } from "./omissions-service";
import { ReadingStopped } from "./read-service";
import { isJustListed, nextLookMs, type Rhythm, readingOf, retryOf, WHOLE } from "./rhythm";
import { forgetSynced, type Read, saveRead, saveReadFailure, saveRetained } from "./sync-store";
import { holding } from "./work-service";

/** What reading a connection needs, made once for a run of work. */
export type Sync = {
  connection: ConnectionRow;
  reader: Reader;
  client: Anthropic;
  rhythm: Rhythm;
  hasWebhooks: boolean;
  /** Sessions at work. */
  active: number;
  take: Take;
  /** Somebody waits: what a list said a while ago is not good enough. */
  urgent: boolean;
};

export type SessionObject = Awaited<ReturnType<Anthropic["beta"]["sessions"]["retrieve"]>>;

/**
 * Reads one claimed session: its object, the events that are new or all of them, its threads. What
 * is read is stored page by page; returns how many events that were. A failure is kept with the
 * session, which is tried again later; thrown is only what concerns the whole connection. `listed`:
 * the object as a list gave it just now.
 */
export async function syncSession(
  sync: Sync,
  row: SyncRow,
  listed?: SessionObject,
): Promise<number> {
  const { reader, rhythm } = sync;
  const { sessionId } = row;
  const { leaseMs } = rhythm;
  const renew = () => renewClaims(reader, [sessionId], leaseMs);
  try {
    const kept = await keptOf(sync, row);
    if (kept === "nothing") return 0;
    return await holding({ leaseMs, renew }, () => readSession(sync, row, { listed, ...kept }));
  } catch (error) {
    const message = error instanceof Error ? error.message.slice(0, 500) : "unknown";
    const { reason } = failureOf(error, "");
    const isOver = isStopped(error);
    // Neither a pause nor a limit is the session's failure.
    const cause = isOver ? "rate_limited" : reason;
    await saveReadFailure(reader, { sessionId, message, ...retryOf(cause, row.failures, rhythm) });
    if (isOver) throw new ReadingStopped();
    if (isLasting(reason)) throw error;
    return 0;
  }
}

/** Of a session whose events are dropped: up to when, in µs, and whether it rests since. */
type Kept = { floorUs: number | null; isSealed: boolean };

/**
 * What retention has dropped is not fetched again; ingest would not take it, and it would cost reads. A
 * session that goes on after that is read from there.
 */
async function keptOf({ reader, urgent }: Sync, row: SyncRow): Promise<Kept | "nothing"> {
  const { sessionId } = row;
  const how = (await readRetained(prisma, reader, [sessionId])).get(sessionId)?.how;
  const isSealed = how === "sealed";
  if (how === undefined || isSealed) {
    const floorUs = await readUntil(prisma, reader, sessionId);
    const mayGoOn = floorUs !== null && (urgent || row.updatedAt !== row.readUpdatedAt);
    if (!isSealed || mayGoOn) return { floorUs, isSealed };
  }
  await (isSealed ? saveRetained : forgetSynced)(reader, sessionId);
  return "nothing";
}

/** The SDK wraps what its fetch throws. */
export function isStopped(error: unknown): boolean {
  if (error instanceof ReadingStopped) return true;
  return error instanceof Error && error.cause !== undefined && isStopped(error.cause);
}

async function readSession(
  sync: Sync,
  row: SyncRow,
  { listed, floorUs, isSealed }: Kept & { listed: SessionObject | undefined },
): Promise<number> {
  const { sessions } = sync.client.beta;
  const known = { ...row, isWhole: row.wholeAt !== null };
  const mayBeListed = listed === undefined && !sync.urgent && !row.relist && !isSealed;
  const isListed = mayBeListed && isJustListed(known, sync);
  const object = isListed
    ? null
    : (listed ?? (await sessions.retrieve(row.sessionId).catch(absent)));
  if (object === null && !isListed) return takeMissing(sync, row);
  const now =
    object === null
      ? { status: row.listedStatus ?? "", updatedAt: row.updatedAt ?? "" }
      : { status: object.status, updatedAt: uniformIso(object.updated_at) };
  const reading = row.relist ? WHOLE : readingOf(known, now);
  const isNews = now.updatedAt !== row.readUpdatedAt || now.status !== row.status;
  if (isSealed && !isNews) {
    await saveRetained(sync.reader, row.sessionId);
    return 0;
  }
  const isWhole = reading.lists === "whole";
  const own = await readOwnList(sync, row, object, { isWhole, floorUs });
  const mayHaveThreads = row.hasThreads || own.hasThreads || object?.agent?.multiagent != null;
  const asked = { all: reading.threads === "all", again: row.relist, floorUs };
  const none = { events: 0, threads: {}, omissions: [] };
  const children = mayHaveThreads || row.relist ? await readThreads(sync, row, asked) : none;
  const hasThreads = mayHaveThreads || Object.keys(children.threads).length > 0;
  const events = isWhole
    ? Math.max(row.events, own.events + children.events)
    : row.events + own.events;
  const { hasWebhooks, active, rhythm } = sync;
  const { status } = now;
  const restedMs = Date.now() - Date.parse(now.updatedAt);
  const ending =
    isWhole && floorUs === null
      ? omissionsOfEnding({ id: row.sessionId, status, restedMs }, own.types)
      : [];
  const omissions = tallied([...own.omissions, ...children.omissions, ...ending]);
  await noteOmissions(sync, omissions);
  const read: Read = {
    sessionId: row.sessionId,
    ...now,
    watermark: own.watermark ?? row.watermark,
    hasThreads,
    threads: { ...row.threads, ...children.threads },
    events,
    isWhole,
    isRelist: row.relist,
    nextMs: nextLookMs({ status, isNews, events, hasWebhooks, active, restedMs }, rhythm),
  };
  await saveRead(sync.reader, read);
  return own.events + children.events;
}
