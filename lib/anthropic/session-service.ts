import Anthropic from "@anthropic-ai/sdk";
import type { ConnectionRow } from "@/lib/connections/store";
import { noteWarnings } from "@/lib/connections/warning-store";
import type { Sighting } from "@/lib/connections/warnings";
import type { RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { removeSessions } from "@/lib/retention/service";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";
import type { Reader } from "./budget-store";
import { failureOf, isLasting } from "./failure";
import { gapsOfEnding, gapsOfEvents, isCut, storable, tallied } from "./gaps";
import { ReadingStopped } from "./read-service";
import { isActive, nextLookMs, type Rhythm, readingOf, retryMs } from "./rhythm";
import { type Read, type SyncRow, saveGone, saveRead, saveReadFailure } from "./sync-store";

/** What reading a connection needs, made once for a run of work. */
export type Sync = {
  connection: ConnectionRow;
  reader: Reader;
  client: Anthropic;
  rhythm: Rhythm;
  hasWebhooks: boolean;
};

type SessionObject = Awaited<ReturnType<Anthropic["beta"]["sessions"]["retrieve"]>>;

const PAGE = 1_000;
/** Of so many children all are read again when a session has come to rest; of more, those that changed. */
const FEW_THREADS = 50;

/**
 * Reads one claimed session: its object, the events that are new or all of them, its threads. What
 * is read is stored page by page. Returns how much of it was new. A failure is kept with the session, which is
 * tried again later; thrown is only what concerns the whole connection. `listed`: the object as a
 * list gave it just now.
 */
export async function syncSession(
  sync: Sync,
  row: SyncRow,
  listed?: SessionObject,
): Promise<number> {
  try {
    return await readSession(sync, row, listed);
  } catch (error) {
    const message = error instanceof Error ? error.message.slice(0, 500) : "unknown";
    const failed = { sessionId: row.sessionId, message, retryMs: retryMs(row.failures) };
    await saveReadFailure(sync.reader, failed);
    if (isStopped(error)) throw new ReadingStopped();
    if (isLasting(failureOf(error, "").reason)) throw error;
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
  const object = listed ?? (await sessions.retrieve(row.sessionId).catch(absent));
  if (object === null) return missing(sync, row.sessionId);
  const now = { status: object.status, updatedAt: object.updated_at };
  const restedMs = Date.now() - Date.parse(now.updatedAt);
  const known = { ...row, isWhole: row.wholeAt !== null };
  const reading = readingOf(known, now);
  const isNews = now.updatedAt !== row.readUpdatedAt || now.status !== row.status;
  const own = await readOwnList(sync, row, object, reading.lists === "whole");
  const hasThreads = row.hasThreads || own.hasThreads || object.agent?.multiagent != null;
  const all = reading.threads === "all";
  const none = { events: 0, threads: {}, gaps: [] };
  const children = hasThreads ? await readThreads(sync, row, all) : none;
  const events = row.events + own.events + children.events;
  const { hasWebhooks, rhythm } = sync;
  const ended =
    reading.lists === "whole" ? { id: row.sessionId, status: now.status, restedMs } : null;
  const gaps = [...own.gaps, ...children.gaps, ...(ended ? gapsOfEnding(ended, own.types) : [])];
  await noteWarnings(sync.reader, tallied(gaps), new Date());
  const read: Read = {
    sessionId: row.sessionId,
    ...now,
    watermark: own.watermark ?? row.watermark,
    hasThreads,
    threads: { ...row.threads, ...children.threads },
    events,
    isWhole: reading.lists === "whole",
    nextMs: nextLookMs({ status: now.status, isNews, events, hasWebhooks, restedMs }, rhythm),
  };
  await saveRead(sync.reader, read);
  return own.events + children.events;
}

function absent(error: unknown): null {
  if (error instanceof Anthropic.NotFoundError) return null;
  throw error;
}

/** The session's own list. The object goes along with its first page, also when that is empty. */
async function readOwnList(sync: Sync, row: SyncRow, object: SessionObject, whole: boolean) {
  const { sessionId } = row;
  const sinceUs = whole || row.watermark === null ? null : microsFromIso(row.watermark);
  const since =
    sinceUs === null
      ? {}
      : { "created_at[gte]": isoFromMicros(sinceUs - sync.rhythm.overlapMs * 1000) };
  const { events } = sync.client.beta.sessions;
  let page = await events.list(sessionId, { ...since, limit: PAGE });
  const read = { events: 0, watermark: null as string | null, hasThreads: false, gaps: [] as Gaps };
  const types = new Set<string>();
  for (let first = true; ; first = false) {
    const items = eventItems(sessionId, null, page.data);
    if (first) items.push({ ...BLANK, kind: "session", sessionId, data: object });
    read.events += await store(sync, items);
    read.gaps.push(...gapsOfEvents(sessionId, page.data));
    const before = read.watermark;
    for (const event of page.data) {
      const us = microsFromIso(String(event.processed_at ?? ""));
      const iso = us === null ? null : isoFromMicros(us);
      if (iso !== null && (read.watermark === null || iso > read.watermark)) read.watermark = iso;
      types.add(event.type);
    }
    read.hasThreads ||= types.has("session.thread_created");
    if (page.hasNextPage()) page = await page.getNextPage();
    else if (isCut(page, PAGE) && read.watermark !== before && read.watermark !== null)
      page = await events.list(sessionId, { "created_at[gte]": read.watermark, limit: PAGE });
    else return { ...read, types };
  }
}

type Gaps = Sighting[];

/** The children's own lists, which alone hold their model requests: those that changed, or all. */
async function readThreads(sync: Sync, row: SyncRow, all: boolean) {
  const { sessionId } = row;
  const listed: Array<{ id: string; updated_at: string; status: string }> = [];
  let page = await sync.client.beta.sessions.threads.list(sessionId, { limit: PAGE });
  for (;;) {
    await store(
      sync,
      page.data.map((data) => ({ ...BLANK, kind: "thread" as const, sessionId, data })),
    );
    listed.push(...page.data.filter((thread) => thread.parent_thread_id !== null));
    if (!page.hasNextPage()) break;
    page = await page.getNextPage();
  }
  const read = { events: 0, threads: {} as Record<string, string>, gaps: [] as Gaps };
  for (const thread of listed) {
    const isNews = row.threads[thread.id] !== thread.updated_at || isActive(thread.status);
    if (!isNews && !(all && listed.length <= FEW_THREADS)) continue;
    read.events += await readThread(sync, sessionId, thread.id, read.gaps);
    read.threads[thread.id] = thread.updated_at;
  }
  return read;
}

async function readThread(
  sync: Sync,
  sessionId: string,
  threadId: string,
  gaps: Gaps,
): Promise<number> {
  const { events } = sync.client.beta.sessions.threads;
  let page = await events.list(threadId, { session_id: sessionId, limit: PAGE });
  let count = 0;
  for (;;) {
    count += await store(sync, eventItems(sessionId, threadId, page.data));
    gaps.push(...gapsOfEvents(sessionId, page.data));
    if (!page.hasNextPage()) return count;
    page = await page.getNextPage();
  }
}

/**
 * A 404 can mean a wrong door: only when the list still answers and the session is still missing has
 * the platform deleted it. As the connection has it, its history goes as well, or stays here, ended by
 * the event the platform sends on streams.
 */
async function missing(sync: Sync, sessionId: string): Promise<number> {
  await sync.client.beta.sessions.list({ limit: 1 });
  const again = await sync.client.beta.sessions.retrieve(sessionId).catch(absent);
  if (again !== null) throw new Error("The session was missing and is there again.");
  if (sync.connection.onDelete === "purge") {
    await removeSessions({ ...sync.reader, sessionId });
    await saveGone(sync.reader, sessionId);
    return 0;
  }
  const data = {
    id: `deleted_${sessionId}`,
    type: "session.deleted",
    processed_at: new Date().toISOString(),
  };
  await store(sync, [{ ...BLANK, kind: "event", sessionId, data }]);
  await saveGone(sync.reader, sessionId);
  return 0;
}

const BLANK = { index: 0, threadId: null };

function eventItems(
  sessionId: string,
  threadId: string | null,
  events: readonly unknown[],
): RawItem[] {
  const kept = events.map(storable).filter((event) => event !== null);
  return kept.map((data) => ({ index: 0, kind: "event", sessionId, threadId, data }));
}

/** Hands items to ingest; how many of them were new. */
async function store(sync: Sync, items: readonly RawItem[]): Promise<number> {
  if (items.length === 0) return 0;
  const numbered = items.map((item, index) => ({ ...item, index }));
  const origin = { ...sync.reader, source: "poll" as const };
  return (await acceptItems(origin, numbered, [], new Date())).accepted;
}
