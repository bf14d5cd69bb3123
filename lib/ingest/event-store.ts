import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { linesOf } from "@/lib/db/lines";
import { isoFromMicros } from "@/lib/time/micros";
import { orderedTypes, typeRank } from "./event-types";
import type { EventRecord, JsonObject, Origin } from "./schema";

export type StoredEvent = {
  sessionId: string;
  threadId: string;
  id: string;
  atUs: number | null;
  hash: string;
};

/** Sessions' partition days, by session id. */
export type Days = ReadonlyMap<string, string>;

/**
 * Those of the events that are stored already, as they are stored. The lateral with its limit holds
 * the planner to one index look-up a key; left free it reads a whole partition for a thousand keys.
 */
export async function readStoredEvents(
  db: Db,
  origin: Origin,
  days: Days,
  events: readonly EventRecord[],
): Promise<StoredEvent[]> {
  if (events.length === 0) return [];
  const keys = linesOf(events, [
    (event) => event.sessionId,
    (event) => event.threadId,
    (event) => event.id,
    (event) => days.get(event.sessionId),
  ]);
  const rows = await db.$queryRaw<Array<{ found: string | null }>>`
    select json_agg(json_build_array(e.session_id, e.thread_id, e.id, e.hash,
      (extract(epoch from e.at) * 1000000)::bigint))::text as found
    from ${keys} as k(s, t, i, d, n)
    cross join lateral (
      select session_id, thread_id, id, hash, at from event
      where workspace = ${origin.workspace} and session_id = k.s
        and connection_id = ${origin.connectionId} and thread_id = k.t and id = k.i
        and day = k.d::date
      limit 1) e
    where k.n > 1`;
  const found = JSON.parse(rows[0]?.found ?? "[]") as Array<
    [string, string, string, string, number | null]
  >;
  return found.map(([sessionId, threadId, id, hash, atUs]) => ({
    sessionId,
    threadId,
    id,
    hash,
    atUs,
  }));
}

export async function writeEvents(
  db: Db,
  origin: Origin,
  days: Days,
  events: readonly EventRecord[],
  receivedAt: string,
): Promise<void> {
  if (events.length === 0) return;
  await db.$executeRaw`
    insert into event (workspace, session_id, connection_id, thread_id, id, day, type, at, rank,
      source, received_at, hash, payload)
    select ${origin.workspace}, s, ${origin.connectionId}, t, i, d::date, y,
      nullif(a, '')::timestamptz, r::smallint, ${origin.source}, ${receivedAt}::timestamptz,
      h::uuid, p::json
    from ${eventLines(events, days)} as e(s, t, i, d, y, a, r, h, p, n) where n > 1`;
}

/** Replaces stored versions by better ones. */
export async function writeChangedEvents(
  db: Db,
  origin: Origin,
  days: Days,
  events: readonly EventRecord[],
  receivedAt: string,
): Promise<void> {
  if (events.length === 0) return;
  await db.$executeRaw`
    update event e set type = r.y, at = nullif(r.a, '')::timestamptz, rank = r.r::smallint,
      source = ${origin.source}, received_at = ${receivedAt}::timestamptz, hash = r.h::uuid,
      payload = r.p::json
    from ${eventLines(events, days)} as r(s, t, i, d, y, a, r, h, p, n)
    where r.n > 1 and e.workspace = ${origin.workspace} and e.session_id = r.s
      and e.connection_id = ${origin.connectionId} and e.thread_id = r.t and e.id = r.i
      and e.day = r.d::date`;
}

/** The payload goes in as the JSON that was hashed, not built up and written out a second time. */
function eventLines(events: readonly EventRecord[], days: Days): Prisma.Sql {
  return linesOf(events, [
    (event) => event.sessionId,
    (event) => event.threadId,
    (event) => event.id,
    (event) => days.get(event.sessionId),
    (event) => event.type,
    (event) => (event.atUs === null ? null : isoFromMicros(event.atUs)),
    (event) => event.rank,
    (event) => event.hash,
    (event) => event.json,
  ]);
}

/** A thread's lifecycle events in order, all of them: what its turns are derived from anew. */
export function readLifecycleEvents(
  db: Db,
  origin: Origin,
  key: { sessionId: string; day: string; threadId: string },
): Promise<EventRecord[]> {
  return readEvents(db, origin, { ...key, types: orderedTypes(key.threadId) });
}

/** Every stored event of a session, in order within each thread. */
export async function readEvents(
  db: Db,
  origin: Origin,
  key: { sessionId: string; day: string; threadId?: string; types?: readonly string[] },
): Promise<EventRecord[]> {
  const threadId = key.threadId ?? null;
  const types = key.types ? [...key.types] : null;
  const rows = await db.$queryRaw<Array<{ e: string }>>`
    select ${EVENT_COLUMNS}::text as e
    from event e
    where workspace = ${origin.workspace} and session_id = ${key.sessionId}
      and connection_id = ${origin.connectionId} and day = ${key.day}::date
      and (${threadId}::text is null or thread_id = ${threadId})
      and (${types}::text[] is null or (type = any(${types}::text[]) and at is not null))
    order by ${IN_ORDER}`;
  return rows.map(({ e }) => eventOf(JSON.parse(e)));
}

/** The events of several sessions, those of each in order, by session. */
export async function readEventsOf(
  db: Db,
  origin: Origin,
  sessions: ReadonlyArray<{ sessionId: string; day: string }>,
): Promise<Map<string, EventRecord[]>> {
  const lines = linesOf(sessions, [({ sessionId }) => sessionId, ({ day }) => day]);
  // The offset keeps the planner from anything but looking at one session after the other.
  const rows = await db.$queryRaw<Array<{ e: string }>>`
    select ${EVENT_COLUMNS}::text as e
    from ${lines} as k(s, d, n)
    cross join lateral (
      select * from event where workspace = ${origin.workspace} and session_id = k.s
        and connection_id = ${origin.connectionId} and day = k.d::date offset 0) e
    where k.n > 1 order by k.n, ${IN_ORDER}`;
  const found = new Map(sessions.map(({ sessionId }) => [sessionId, [] as EventRecord[]]));
  for (const { e } of rows) {
    const event = eventOf(JSON.parse(e));
    found.get(event.sessionId)?.push(event);
  }
  return found;
}

const EVENT_COLUMNS = Prisma.sql`json_build_array(e.session_id, e.thread_id, e.id, e.type,
  (extract(epoch from e.at) * 1000000)::bigint, e.hash, e.payload)`;
const IN_ORDER = Prisma.sql`e.at nulls last, e.rank, e.id, e.thread_id`;

type EventJson = [
  sessionId: string,
  threadId: string,
  id: string,
  type: string,
  atUs: number | null,
  hash: string,
  payload: JsonObject,
];

function eventOf([sessionId, threadId, id, type, atUs, hash, payload]: EventJson): EventRecord {
  const rank = typeRank(type);
  return { index: 0, sessionId, threadId, id, type, atUs, rank, payload, json: "", hash };
}

/**
 * Moves a thread's events to the primary thread; an event that stands in both stays once. Returns
 * how many events the session has then, or null when there was nothing to move.
 */
export async function moveToPrimary(
  db: Db,
  origin: Origin,
  key: { sessionId: string; day: string; threadId: string },
): Promise<number | null> {
  const { workspace, connectionId } = origin;
  const { sessionId, day, threadId } = key;
  await db.$executeRaw`
    delete from event e using event p
    where e.workspace = ${workspace} and e.session_id = ${sessionId}
      and e.connection_id = ${connectionId} and e.day = ${day}::date and e.thread_id = ${threadId}
      and p.workspace = e.workspace and p.session_id = e.session_id
      and p.connection_id = e.connection_id and p.day = e.day and p.thread_id = '' and p.id = e.id`;
  const moved = await db.$executeRaw`
    update event set thread_id = '' where workspace = ${workspace} and session_id = ${sessionId}
      and connection_id = ${connectionId} and day = ${day}::date and thread_id = ${threadId}`;
  if (moved === 0) return null;
  await db.$executeRaw`
    delete from message_text where workspace = ${workspace} and session_id = ${sessionId}
      and connection_id = ${connectionId} and day = ${day}::date and thread_id = ${threadId}
      and exists (select from message_text p where p.workspace = ${workspace}
        and p.session_id = ${sessionId} and p.connection_id = ${connectionId}
        and p.day = ${day}::date and p.thread_id = '' and p.event_id = message_text.event_id)`;
  await db.$executeRaw`
    update message_text set thread_id = '' where workspace = ${workspace}
      and session_id = ${sessionId} and connection_id = ${connectionId}
      and day = ${day}::date and thread_id = ${threadId}`;
  const rows = await db.$queryRaw<Array<{ n: number }>>`
    select count(*)::int as n from event where workspace = ${workspace}
      and session_id = ${sessionId} and connection_id = ${connectionId} and day = ${day}::date`;
  return rows[0]?.n ?? 0;
}

/** How many events of each session are stored. */
export async function countEvents(
  db: Db,
  origin: Origin,
  days: Days,
): Promise<Map<string, number>> {
  const keys = linesOf([...days], [([sessionId]) => sessionId, ([, day]) => day]);
  const rows = await db.$queryRaw<Array<{ s: string; n: number }>>`
    select k.s, (select count(*)::int from event
      where workspace = ${origin.workspace} and session_id = k.s
        and connection_id = ${origin.connectionId} and day = k.d::date) as n
    from ${keys} as k(s, d, n) where k.n > 1`;
  return new Map(rows.map(({ s, n }) => [s, n]));
}
