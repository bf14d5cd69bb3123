import { setTimeout as sleep } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import { logger } from "@/lib/http/logger";
import type { RawItem } from "@/lib/ingest/schema";
import { claimOne } from "./claim-store";
import { eventItems, readThread } from "./events-service";
import { takeAlone } from "./intake-service";
import { openReader } from "./read-service";
import { isActive } from "./rhythm";
import { type Sync, syncSession } from "./session-service";
import { guarded, openSync } from "./sync-service";
import { Children, PREVIEWS, reopenMs, TAIL } from "./tail";
import { readChildren, readTailed, renewTail, type TailKey } from "./tail-store";

type Tail = {
  key: TailKey;
  holder: string;
  sync: Sync;
  /** For streams; lists are read by `sync`. */
  client: Anthropic;
  children: Children;
  signal: AbortSignal;
};

type Stream = AsyncIterable<object>;

/** Events that wait to be stored; beyond it the stream is not read on. */
const MOST_WAITING = 5_000;
/** Of a session with very many children, the newest. */
const CHILDREN_KNOWN = 500;
/** So many looks after a child came to rest it is tailed on: its last events come on its own stream. */
const CHILD_LOOKS = 2;

/**
 * Tails a claimed session until it is cut, told to stop, or no longer to be tailed. False when the
 * platform has no stream for it.
 */
export async function tailSession(
  key: TailKey,
  holder: string,
  asked: AbortSignal,
): Promise<boolean> {
  const sync = await openSync(key, { urgent: true });
  if (sync === null) return true;
  const hasStream = await guarded(sync.connection, async () => {
    const client = await openReader(sync.connection, { urgent: true, streams: true });
    const over = new AbortController();
    const signal = AbortSignal.any([asked, over.signal]);
    const tail = { key, holder, sync, client, children: new Children(), signal };
    const work = [follow(tail), watch(tail).then(() => true)];
    try {
      return await Promise.race(work);
    } finally {
      over.abort();
      await Promise.allSettled(work);
    }
  });
  return hasStream ?? true;
}

/** The session's own stream, to its end. */
async function follow(tail: Tail): Promise<boolean> {
  const { events } = tail.client.beta.sessions;
  const end = await take(tail, null, {
    open: (signal) => events.stream(tail.key.sessionId, {}, { signal }),
    list: async () => {
      await list(tail);
      tail.children.list(await readChildren(tail.key, CHILDREN_KNOWN));
    },
  });
  // Whether it is gone, and what becomes of it here, is found out by the ordinary reading.
  if (end !== "cut" && !tail.signal.aborted) await list(tail);
  return end !== "absent";
}

/** Reads what is new. Where somebody is reading it already, they will look once more. */
async function list({ sync, key }: Tail): Promise<void> {
  const row = await claimOne(sync.reader, key.sessionId, sync.rhythm.leaseMs);
  if (row) await syncSession(sync, row);
}

type Source = { open(signal: AbortSignal): Promise<Stream>; list(): Promise<unknown> };

/**
 * Opens a stream, which tells nothing of what was before; lists that; then stores what the stream has
 * told meanwhile and what it tells from then on, in the batches it comes in. What is listed comes
 * first, for a session is derived anew when older events follow newer ones. That many events come
 * both ways does no harm: ingest knows them by their ids.
 */
async function take(
  tail: Tail,
  threadId: string | null,
  source: Source,
): Promise<"cut" | "deleted" | "absent"> {
  const failed = new AbortController();
  const stream = await source.open(AbortSignal.any([tail.signal, failed.signal])).catch(absent);
  if (stream === null) return "absent";
  const store = takeAlone(tail.sync.reader, "stream");
  let waiting: RawItem[] = [];
  const storeWaiting = () => {
    const items = waiting;
    waiting = [];
    return store(items);
  };
  let stored: Promise<unknown> = source.list();
  stored.catch(() => failed.abort());
  let isDeleted = false;
  for await (const event of stream) {
    const type = "type" in event ? String(event.type) : "";
    if (type === "session.deleted") isDeleted = true;
    if (isDeleted || PREVIEWS.has(type)) continue;
    if (threadId === null) tail.children.tell(event);
    const items = eventItems(tail.key.sessionId, threadId, [event]);
    if (items.length === 0) continue;
    waiting.push(...items);
    if (waiting.length === 1) {
      stored = stored.then(storeWaiting);
      stored.catch(() => failed.abort());
    }
    if (waiting.length >= MOST_WAITING) await stored;
  }
  await stored;
  return isDeleted ? "deleted" : "cut";
}

function absent(error: unknown): null {
  if (error instanceof Anthropic.NotFoundError) return null;
  throw error;
}

type Followed = { unwanted: AbortController; work: Promise<void>; looksLeft: number };

/** Looks from time to time whether the session is still to be tailed, and which children are at work. */
async function watch(tail: Tail): Promise<void> {
  const { key, holder } = tail;
  const followed = new Map<string, Followed>();
  const over = new AbortController();
  const signal = AbortSignal.any([tail.signal, over.signal]);
  let access: string | null = null;
  let restedMs = 0;
  try {
    while (!signal.aborted) {
      const now = await readTailed(key);
      access ??= now?.access ?? null;
      if (now === null || now.isEnded || now.access !== access) return;
      restedMs = isActive(now.status) ? 0 : restedMs + TAIL.tickMs;
      if (now.status === "terminated" || restedMs > TAIL.restMs) return;
      const wanted = tail.children.atWork.slice(0, TAIL.mostThreads);
      const room = await renewTail(key, { ...TAIL, holder, threads: wanted.length });
      if (room === null) return;
      followChildren({ ...tail, signal }, followed, wanted.slice(0, room));
      await pause(TAIL.tickMs, signal);
    }
  } finally {
    over.abort();
    await Promise.all([...followed.values()].map(({ work }) => work));
  }
}

function followChildren(tail: Tail, followed: Map<string, Followed>, atWork: string[]): void {
  for (const [threadId, child] of followed) {
    child.looksLeft = atWork.includes(threadId) ? CHILD_LOOKS : child.looksLeft - 1;
    if (child.looksLeft >= 0) continue;
    child.unwanted.abort();
    followed.delete(threadId);
  }
  for (const threadId of atWork.filter((id) => !followed.has(id))) {
    const unwanted = new AbortController();
    const signal = AbortSignal.any([tail.signal, unwanted.signal]);
    const work = followChild({ ...tail, signal }, threadId);
    followed.set(threadId, { unwanted, work, looksLeft: CHILD_LOOKS });
  }
}

/** A child's own stream, which alone tells of its model requests and tools; opened again after a cut. */
async function followChild(tail: Tail, threadId: string): Promise<void> {
  const { events } = tail.client.beta.sessions.threads;
  const { sessionId } = tail.key;
  for (let failures = 0; !tail.signal.aborted; failures++) {
    try {
      const end = await take(tail, threadId, {
        open: (signal) => events.stream(threadId, { session_id: sessionId }, { signal }),
        list: () => readThread(tail.sync, sessionId, threadId),
      });
      if (end === "absent") return;
    } catch (error) {
      if (!tail.signal.aborted) logTail(tail.key, error);
    }
    await pause(reopenMs(failures), tail.signal);
  }
}

export function logTail({ connectionId }: TailKey, error: unknown): void {
  logger.warn({ connectionId, reason: String(error) }, "stream ended");
}

/** Ends early, without an error, at the signal. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => {});
}
