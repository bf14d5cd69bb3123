import type Anthropic from "@anthropic-ai/sdk";
import type { ConnectionRow } from "@/lib/connections/store";
import { noteWarnings } from "@/lib/connections/warning-store";
import type { Sighting } from "@/lib/connections/warnings";
import { prisma } from "@/lib/db/client";
import type { RawItem } from "@/lib/ingest/schema";
import { readRetained } from "@/lib/ingest/seal-store";
import { isoFromMicros, microsFromIso, uniformIso } from "@/lib/time/micros";
import type { Reader } from "./budget-store";
import { renewClaims, type SyncRow } from "./claim-store";
import { failureOf, isLasting } from "./failure";
import type { Take } from "./intake-service";
import { absent, takeMissing } from "./missing-service";
import { isCut, omissionsOfEnding, omissionsOfEvents, storable, tallied } from "./omissions";
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
    if (await passOver(sync, sessionId)) return 0;
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

/** What retention has dropped is not fetched again; ingest would not take it, and it would cost reads. */
async function passOver({ reader }: Sync, sessionId: string): Promise<boolean> {
  const how = (await readRetained(prisma, reader, [sessionId])).get(sessionId)?.how;
  if (how === undefined) return false;
  await (how === "sealed" ? saveRetained : forgetSynced)(reader, sessionId);
  return true;
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
  if (object === null && !isListed) return takeMissing(sync, row);
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
  const none = { events: 0, threads: {}, omissions: [] };
  const children = mayHaveThreads || row.relist ? await readThreads(sync, row, asked) : none;
  const hasThreads = mayHaveThreads || Object.keys(children.threads).length > 0;
  const events = isWhole
    ? Math.max(row.events, own.events + children.events)
    : row.events + own.events;
  const { hasWebhooks, active, rhythm } = sync;
  const { status } = now;
  const restedMs = Date.now() - Date.parse(now.updatedAt);
  const ending = isWhole
    ? omissionsOfEnding({ id: row.sessionId, status, restedMs }, own.types)
    : [];
  const omissions = tallied([...own.omissions, ...children.omissions, ...ending]);
  await noteWarnings(sync.reader, omissions, new Date());
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

/** The session's own list. The object goes along with its first page, also when that is empty. */
async function readOwnList(sync: Sync, row: SyncRow, object: SessionObject | null, whole: boolean) {
  const { sessionId } = row;
  const sinceUs = whole || row.watermark === null ? null : microsFromIso(row.watermark);
  const since =
    sinceUs === null
      ? {}
      : { "created_at[gte]": isoFromMicros(sinceUs - sync.rhythm.overlapMs * 1000) };
  const { events } = sync.client.beta.sessions;
  let page = await events.list(sessionId, { ...since, limit: PAGE });
  const read = {
    events: 0,
    watermark: null as string | null,
    hasThreads: false,
    omissions: [] as Sighting[],
  };
  const types = new Set<string>();
  for (let first = true; ; first = false) {
    const items = eventItems(sessionId, null, page.data);
    if (first && object) items.push({ ...BLANK, kind: "session", sessionId, data: object });
    await sync.take(items);
    read.omissions.push(...omissionsOfEvents(sessionId, page.data));
    const before = read.watermark;
    for (const event of page.data) {
      const iso = uniformIso(event.processed_at);
      if (sinceUs === null || iso > (row.watermark ?? "")) read.events++;
      if (iso > (read.watermark ?? "")) read.watermark = iso;
      types.add(event.type);
    }
    read.hasThreads ||= types.has("session.thread_created");
    if (page.hasNextPage()) page = await page.getNextPage();
    else if (isCut(page, PAGE) && read.watermark !== before && read.watermark !== null)
      page = await events.list(sessionId, { "created_at[gte]": read.watermark, limit: PAGE });
    else return { ...read, types };
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
  const read = { events: 0, threads: {} as Record<string, string>, omissions: [] as Sighting[] };
  for (const thread of listed) {
    const isNews = row.threads[thread.id] !== thread.updated_at || isActive(thread.status);
    if (!isNews && !asked.again && !(asked.all && listed.length <= FEW_THREADS)) continue;
    const { events, omissions } = await readThread(sync, sessionId, thread.id);
    read.events += events;
    read.omissions.push(...omissions);
    read.threads[thread.id] = thread.updated_at;
  }
  return read;
}

export async function readThread(sync: Sync, sessionId: string, threadId: string) {
  const { events } = sync.client.beta.sessions.threads;
  let page = await events.list(threadId, { session_id: sessionId, limit: PAGE });
  const read = { events: 0, omissions: [] as Sighting[] };
  for (;;) {
    await sync.take(eventItems(sessionId, threadId, page.data));
    read.events += page.data.length;
    read.omissions.push(...omissionsOfEvents(sessionId, page.data));
    if (!page.hasNextPage()) return read;
    page = await page.getNextPage();
  }
}

const BLANK = { index: 0, threadId: null };

/** Events as they can be stored. */
export function eventItems(
  sessionId: string,
  threadId: string | null,
  events: readonly unknown[],
): RawItem[] {
  const kept = events.map(storable).filter((event) => event !== null);
  return kept.map((data) => ({ index: 0, kind: "event", sessionId, threadId, data }));
}
