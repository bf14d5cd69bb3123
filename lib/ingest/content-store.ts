import type { Db } from "@/lib/db/client";
import { linesOf } from "@/lib/db/lines";
import { canonicalJson } from "./canonical";
import type { Days } from "./event-store";
import type { EventRecord, JsonObject, Origin } from "./schema";
import type { StoredThread } from "./store";

type Key = { sessionId: string; day: string };

/** Other payloads in the place of those that are stored. Hashes stay: the same event, come again, is known. */
export async function writePayloads(
  db: Db,
  { workspace, connectionId }: Origin,
  { sessionId, day }: Key,
  events: readonly EventRecord[],
): Promise<void> {
  if (events.length === 0) return;
  const lines = linesOf(events, [
    ({ threadId }) => threadId,
    ({ id }) => id,
    ({ payload }) => canonicalJson(payload),
  ]);
  await db.$executeRaw`
    update event e set payload = r.p::json from ${lines} as r(t, i, p, n)
    where r.n > 1 and e.workspace = ${workspace} and e.session_id = ${sessionId}
      and e.connection_id = ${connectionId} and e.day = ${day}::date and e.thread_id = r.t and e.id = r.i`;
}

/** Other objects in the place of those that threads have. */
export async function writeThreadObjects(
  db: Db,
  { workspace, connectionId }: Origin,
  sessionId: string,
  objects: ReadonlyMap<string, JsonObject>,
): Promise<void> {
  if (objects.size === 0) return;
  const lines = linesOf([...objects], [([id]) => id, ([, object]) => canonicalJson(object)]);
  await db.$executeRaw`
    update thread t set object = r.o::json from ${lines} as r(t, o, n)
    where r.n > 1 and t.workspace = ${workspace} and t.session_id = ${sessionId}
      and t.connection_id = ${connectionId} and t.thread_id = r.t`;
}

/** The same, with what is known of their versions. */
export async function writeThreadsOver(
  db: Db,
  { workspace, connectionId }: Origin,
  threads: readonly StoredThread[],
): Promise<void> {
  if (threads.length === 0) return;
  const lines = linesOf(threads, [
    ({ sessionId }) => sessionId,
    ({ threadId }) => threadId,
    ({ object }) => canonicalJson(object),
    ({ fold }) => canonicalJson(fold),
  ]);
  await db.$executeRaw`
    update thread t set object = r.o::json, fold = r.f::json from ${lines} as r(s, t, o, f, n)
    where r.n > 1 and t.workspace = ${workspace} and t.session_id = r.s
      and t.connection_id = ${connectionId} and t.thread_id = r.t`;
}

/** Of a session that was locked: takes its words out of the search, and what of it was refused or withheld. */
export async function deleteSaid(
  db: Db,
  { workspace, connectionId }: Origin,
  { sessionId, day }: Key,
): Promise<void> {
  await db.$executeRaw`
    delete from message_text where workspace = ${workspace} and session_id = ${sessionId}
      and connection_id = ${connectionId} and day = ${day}::date`;
  await db.$executeRaw`
    delete from withheld_result where workspace = ${workspace} and session_id = ${sessionId}
      and connection_id = ${connectionId}`;
  await db.$executeRaw`
    delete from rejected_item where workspace = ${workspace} and session_id = ${sessionId}
      and connection_id = ${connectionId}`;
}

/** A place within the transaction to which it can go back. */
export const markPlace = (db: Db) => db.$executeRaw`savepoint place`;
export const goBack = (db: Db) => db.$executeRaw`rollback to savepoint place`;
export const forgetPlace = (db: Db) => db.$executeRaw`release savepoint place`;

/** Other payloads under other hashes in the place of those that are stored. When and from where they came stays. */
export async function writeOver(
  db: Db,
  { workspace, connectionId }: Origin,
  days: Days,
  events: readonly EventRecord[],
): Promise<void> {
  if (events.length === 0) return;
  const lines = linesOf(events, [
    ({ sessionId }) => sessionId,
    ({ threadId }) => threadId,
    ({ id }) => id,
    ({ sessionId }) => days.get(sessionId),
    ({ type }) => type,
    ({ rank }) => rank,
    ({ hash }) => hash,
    ({ json }) => json,
  ]);
  await db.$executeRaw`
    update event e set type = r.y, rank = r.r::smallint, hash = r.h::uuid, payload = r.p::json
    from ${lines} as r(s, t, i, d, y, r, h, p, n)
    where r.n > 1 and e.workspace = ${workspace} and e.session_id = r.s
      and e.connection_id = ${connectionId} and e.thread_id = r.t and e.id = r.i
      and e.day = r.d::date`;
}
