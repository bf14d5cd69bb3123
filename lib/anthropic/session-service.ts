import Anthropic from "@anthropic-ai/sdk";
import type { ConnectionRow } from "@/lib/connections/store";
import { readDeletion } from "@/lib/connections/webhook-store";
import type { RawItem } from "@/lib/ingest/schema";
import { removeSessions } from "@/lib/retention/service";
import { isoFromMicros, microsFromIso, uniformIso } from "@/lib/time/micros";
import type { Reader } from "./budget-store";
import { renewClaims, type SyncRow } from "./claim-store";
import { failureOf, isLasting } from "./failure";
import type { Take } from "./intake-service";
import { ReadingStopped } from "./read-service";
import {
  isActive,
  isJustListed,
  nextLookMs,
  type Rhythm,
  readingOf,
  retryOf,
  WHOLE,
} from "./rhythm";
import { type Read, saveGone, saveRead, saveReadFailure } from "./sync-store";
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

const PAGE = 1_000;
/** Of so many children all are read again when a session has come to rest; of more, those that changed. */
const FEW_THREADS = 50;

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
    return await holding({ leaseMs, renew }, () => readSession(sync, row, listed));
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

/** The SDK wraps what its fetch throws. */
export function isStopped(error: unknown): boolean {
  if (error instanceof ReadingStopped) return true;
  return error instanceof Error && error.cause !== undefined && isStopped(error.cause);
}

async function readSession(sync: Sync, row: SyncRow, listed?: SessionObject): Promise<number> {
  const { sessions } = sync.client.beta;
  const known = { ...row, isWhole: row.wholeAt !== null };
  const isListed = listed === undefined && !sync.urgent && !row.relist && isJustListed(known, sync);
  const object = isListed
    ? null
    : (listed ?? (await sessions.retrieve(row.sessionId).catch(absent)));
  if (object === null && !isListed) return missing(sync, row);
  const now =
    object === null
      ? { status: row.listedStatus ?? "", updatedAt: row.updatedAt ?? "" }
      : { status: object.status, updatedAt: uniformIso(object.updated_at) };
  const reading = row.relist ? WHOLE : readingOf(known, now);
  const isNews = now.updatedAt !== row.readUpdatedAt || now.status !== row.status;
  const isWhole = reading.lists === "whole";
  const own = await readOwnList(sync, row, object, isWhole);
  const mayHaveThreads = row.hasThreads || own.hasThreads || object?.agent?.multiagent != null;
  const asked = { all: reading.threads === "all", again: row.relist };
  const children =
    mayHaveThreads || row.relist ? await readThreads(sync, row, asked) : { events: 0, threads: {} };
  const hasThreads = mayHaveThreads || Object.keys(children.threads).length > 0;
  const events = isWhole
    ? Math.max(row.events, own.events + children.events)
    : row.events + own.events;
  const { hasWebhooks, active, rhythm } = sync;
  const { status } = now;
  const restedMs = Date.now() - Date.parse(now.updatedAt);
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

function absent(error: unknown): null {
  if (error instanceof Anthropic.NotFoundError) return null;
  throw error;
}

/** The session's own list. The object goes along with its first page, also when that is empty. */
async function readOwnList(sync: Sync, row: SyncRow, object: SessionObject | null, whole: boolean) {
  const { sessionId } = row;
  const sinceUs = whole || row.watermark === null ? null : microsFromIso(row.watermark);
  const since =
    sinceUs === null
      ? {}
      : { "created_at[gte]": isoFromMicros(sinceUs - sync.rhythm.overlapMs * 1000) };
  let page = await sync.client.beta.sessions.events.list(sessionId, { ...since, limit: PAGE });
  const read = { events: 0, watermark: null as string | null, hasThreads: false };
  for (let first = true; ; first = false) {
    const items = page.data.map((event) => eventItem(sessionId, null, event));
    if (first && object) items.push({ ...BLANK, kind: "session", sessionId, data: object });
    await sync.take(items);
    for (const event of page.data) {
      const iso = uniformIso(event.processed_at);
      if (sinceUs === null || iso > (row.watermark ?? "")) read.events++;
      if (iso > (read.watermark ?? "")) read.watermark = iso;
      if (event.type === "session.thread_created") read.hasThreads = true;
    }
    if (!page.hasNextPage()) return read;
    page = await page.getNextPage();
  }
}

/**
 * The children's own lists, which alone hold their model requests: those that changed, or `all` where
 * they are few. `again`: every one of them, however many.
 */
async function readThreads(sync: Sync, row: SyncRow, asked: { all: boolean; again: boolean }) {
  const { sessionId } = row;
  const listed: Array<{ id: string; updated_at: string; status: string }> = [];
  let page = await sync.client.beta.sessions.threads.list(sessionId, { limit: PAGE });
  for (;;) {
    await sync.take(
      page.data.map((data) => ({ ...BLANK, kind: "thread" as const, sessionId, data })),
    );
    listed.push(...page.data.filter((thread) => thread.parent_thread_id !== null));
    if (!page.hasNextPage()) break;
    page = await page.getNextPage();
  }
  const read = { events: 0, threads: {} as Record<string, string> };
  for (const thread of listed) {
    const isNews = row.threads[thread.id] !== thread.updated_at || isActive(thread.status);
    if (!isNews && !asked.again && !(asked.all && listed.length <= FEW_THREADS)) continue;
    read.events += await readThread(sync, sessionId, thread.id);
    read.threads[thread.id] = thread.updated_at;
  }
  return read;
}

export async function readThread(sync: Sync, sessionId: string, threadId: string): Promise<number> {
  const { events } = sync.client.beta.sessions.threads;
  let page = await events.list(threadId, { session_id: sessionId, limit: PAGE });
  let count = 0;
  for (;;) {
    await sync.take(page.data.map((event) => eventItem(sessionId, threadId, event)));
    count += page.data.length;
    if (!page.hasNextPage()) return count;
    page = await page.getNextPage();
  }
}

/**
 * A 404 can mean a wrong door: only when the list still answers and the session is still missing has
 * the platform deleted it. As the connection has it, its history goes as well, or stays here, ended by
 * the event the platform sends on streams.
 */
async function missing(sync: Sync, { sessionId, isGone }: SyncRow): Promise<number> {
  await sync.client.beta.sessions.list({ limit: 1 });
  const again = await sync.client.beta.sessions.retrieve(sessionId).catch(absent);
  if (again !== null) throw new Error("The session was missing and is there again.");
  if (sync.connection.onDelete === "purge") {
    await removeSessions({ ...sync.reader, sessionId });
    await saveGone(sync.reader, sessionId);
    return 0;
  }
  if (isGone) {
    await saveGone(sync.reader, sessionId);
    return 0;
  }
  const told = await readDeletion({ ...sync.reader, sessionId });
  const data = {
    id: `deleted_${sessionId}`,
    type: "session.deleted",
    processed_at: told ?? new Date().toISOString(),
  };
  await sync.take([{ ...BLANK, kind: "event", sessionId, data }]);
  await saveGone(sync.reader, sessionId);
  return 0;
}

const BLANK = { index: 0, threadId: null };

export function eventItem(sessionId: string, threadId: string | null, data: unknown): RawItem {
  return { index: 0, kind: "event", sessionId, threadId, data };
}
