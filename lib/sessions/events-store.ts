import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { AppError, invalidField } from "@/lib/http/errors";
import { EventsCursor } from "./cursor";
import { instantFromJson } from "./instant";
import type { Named } from "./named";
import { EventsQuery } from "./query-schema";
import { instantOf, utcOf } from "./row-store";
import type { EventItem, EventsPage } from "./schema";
import { likeText } from "./search-words";
import { alongOrder, readKey, rowsOf, type SessionKey, threadCondition } from "./store";

/** A place in the session's order: instant, rank of its type, thread, id. Without an instant: at the end. */
export type Place = EventsCursor["k"];
type Way = { forward: boolean; from: Place | null; inclusive: boolean };
type Found = { item: EventItem; place: Place; bytes: number };
/** Events along a way, and whether there are more behind them. */
type Stretch = { found: Found[]; more: boolean };

/** A page holds no more of payloads than this; only a single event larger than it goes alone. */
export const PAGE_BYTES = 4 * 1024 * 1024;

/** One page of a session's events, in the session's order or against it. Throws `not_found`. */
export async function readEvents(
  workspace: string,
  named: Named,
  query: EventsQuery = EventsQuery.parse({}),
  db: Db = prisma,
): Promise<EventsPage> {
  const key = await readKey(workspace, named, db);
  if (query.around !== undefined) return readAround(key, { ...query, around: query.around }, db);
  const cursor = query.cursor === undefined ? null : decodeCursor(EventsCursor, query.cursor);
  if (cursor && cursor.o !== query.order)
    throw invalidField("cursor", `it was given out for order ${cursor.o}; start without one`);
  const back = cursor?.d === "prev";
  const forward = (query.order === "asc") !== back;
  const way = { forward, from: cursor?.k ?? null, inclusive: false };
  const room = { events: query.limit, bytes: PAGE_BYTES, least: 1 };
  const { found: page, more } = await readSome(key, query, way, room, db);
  if (back) page.reverse();
  return pageOf(page, query.order, {
    next: back ? page.length > 0 : more,
    prev: back ? more : cursor !== null && page.length > 0,
  });
}

/** The page with `around` in its middle: half before it, it, the rest after it. */
async function readAround(
  key: SessionKey,
  query: EventsQuery & { around: string },
  db: Db,
): Promise<EventsPage> {
  const place = await readPlace(key, query.around, db);
  if (!place) throw new AppError("not_found", "around: there is no such event in this session.");
  const ascending = query.order === "asc";
  const half = { events: Math.floor(query.limit / 2), bytes: PAGE_BYTES / 2, least: 0 };
  const there = { forward: !ascending, from: place, inclusive: false };
  const before = await readSome(key, query, there, half, db);
  const rest = {
    events: query.limit - before.found.length,
    bytes: PAGE_BYTES - sizeOf(before),
    least: 1,
  };
  const here = { forward: ascending, from: place, inclusive: true };
  const after = await readSome(key, query, here, rest, db);
  // The event itself may leave no room for what is before it.
  const alone = sizeOf(after) > rest.bytes;
  const page = [...(alone ? [] : before.found.toReversed()), ...after.found];
  return pageOf(page, query.order, {
    next: after.more,
    prev: before.more || (alone && before.found.length > 0),
  });
}

const sizeOf = ({ found }: Stretch) => found.reduce((sum, { bytes }) => sum + bytes, 0);

function pageOf(
  page: Found[],
  order: "asc" | "desc",
  more: { next: boolean; prev: boolean },
): EventsPage {
  const cursor = (found: Found | undefined, d: "next" | "prev", there: boolean) =>
    found && there ? encodeCursor({ k: found.place, o: order, d } satisfies EventsCursor) : null;
  return {
    data: page.map(({ item }) => item),
    next_cursor: cursor(page.at(-1), "next", more.next),
    prev_cursor: cursor(page[0], "prev", more.prev),
  };
}

/** Where an event stands, or null. The primary thread's copy wins over a child's of the same id. */
export async function readPlace(key: SessionKey, id: string, db: Db): Promise<Place | null> {
  const [row] = await db.$queryRaw<{ place: Place }[]>`
    select json_build_array(${instantOf(Prisma.raw("at"))}, rank, thread_id, id) as place
    from event where ${rowsOf(key)} and id = ${id} order by thread_id limit 1`;
  return row?.place ?? null;
}

/** `least`: how many come whatever their size. */
type Room = { events: number; bytes: number; least: number };

/** As many events along the way as there is room for: those with an instant and those without in the right order. */
async function readSome(
  key: SessionKey,
  query: EventsQuery,
  way: Way,
  room: Room,
  db: Db,
): Promise<Stretch> {
  const parts = way.forward ? (["timed", "untimed"] as const) : (["untimed", "timed"] as const);
  const all: Stretch = { found: [], more: false };
  for (const part of parts) {
    const inside = partCondition(way, part);
    if (inside === null || all.more) continue;
    const condition = Prisma.sql`${inside} and ${filterOf(query)}`;
    const { found, more } = await readPart(
      key,
      { condition, forward: way.forward },
      {
        events: room.events - all.found.length,
        bytes: room.bytes - sizeOf(all),
        least: Math.max(0, room.least - all.found.length),
      },
      db,
    );
    all.found.push(...found);
    all.more = more;
  }
  return all;
}

/** Rows of one part beyond the place the way starts from; null when none of the part can be. */
function partCondition({ forward, from, inclusive }: Way, part: "timed" | "untimed") {
  const timed = part === "timed";
  const all = timed ? Prisma.sql`at is not null` : Prisma.sql`at is null`;
  if (from === null) return all;
  const [at, rank, thread, id] = from;
  if ((at !== null) !== timed) return timed !== forward ? all : null;
  const beyond = Prisma.raw(`${forward ? ">" : "<"}${inclusive ? "=" : ""}`);
  const rest = Prisma.sql`${rank}::smallint, ${id}::text, ${thread}::text`;
  return timed
    ? Prisma.sql`(at, rank, id, thread_id) ${beyond} (${at}::text::timestamptz, ${rest})`
    : Prisma.sql`at is null and (rank, id, thread_id) ${beyond} (${rest})`;
}

function filterOf({ thread, types, from, to, q }: EventsQuery): Prisma.Sql {
  const parts = [threadCondition(thread)];
  if (types?.length) parts.push(Prisma.sql`type = any(${types}::text[])`);
  if (from) parts.push(Prisma.sql`at >= ${from}::timestamptz`);
  if (to) parts.push(Prisma.sql`at <= ${to}::timestamptz`);
  if (q) parts.push(hasText(q));
  return Prisma.join(parts, " and ");
}

/** The text as it stands in JSON, where quotes and line breaks are escaped. */
export function hasText(q: string): Prisma.Sql {
  const escaped = JSON.stringify(q).slice(1, -1);
  return Prisma.sql`payload::text ilike ${`%${likeText(escaped)}%`}`;
}

/**
 * The first row for which there is no room comes without its payload: there are more. What is stored
 * is at most 4 bytes larger than what it unpacks to, so rows far beyond the room are not even unpacked.
 */
async function readPart(
  key: SessionKey,
  part: { condition: Prisma.Sql; forward: boolean },
  room: Room,
  db: Db,
): Promise<Stretch> {
  const way = Prisma.raw(part.forward ? "asc" : "desc");
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    with way as (
      select id, thread_id, type, at, source, received_at, rank, payload
      from event where ${alongOrder(key)} and ${part.condition}
      order by at ${way}, rank ${way}, id ${way}, thread_id ${way} limit ${room.events + 1}),
    numbered as (select *, row_number() over so_far as n,
        sum(pg_column_size(payload)) over so_far - pg_column_size(payload) as stored
      from way window so_far as (rows unbounded preceding)),
    sized as (select *, octet_length(payload::text) as bytes from numbered
      where n <= ${room.least + 1} or stored - 4 * n <= ${room.bytes}),
    fitted as (select *, n <= ${room.events}
        and (n <= ${room.least} or sum(bytes) over (order by n) <= ${room.bytes}) as fits
      from sized),
    page as (select *, lag(fits, 1, true) over (order by n) as begins from fitted)
    select json_agg(json_build_array(id, thread_id, type, ${utcOf("at")}, source,
      ${utcOf("received_at")}, rank, bytes, case when fits then payload end) order by n)::text as rows
    from page where begins`;
  const rows = JSON.parse(row?.rows ?? "[]") as EventRow[];
  const found = rows.flatMap(([id, thread, type, time, source, received, rank, bytes, event]) => {
    if (event === null) return [];
    const at = time && instantFromJson(time);
    const received_at = instantFromJson(received);
    const item = { id, session_thread_id: thread || null, type, at, source, received_at, event };
    const place: Place = [at, rank, thread, id];
    return [{ item, place, bytes }];
  });
  return { found, more: rows.length > found.length };
}

type EventRow = [
  id: string,
  thread: string,
  type: string,
  at: string | null,
  source: EventItem["source"],
  receivedAt: string,
  rank: number,
  bytes: number,
  payload: Record<string, unknown> | null,
];
