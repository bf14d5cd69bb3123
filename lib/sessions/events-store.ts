import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { decodeCursor, EventsCursor, encodeCursor } from "./cursor";
import { instantFromJson } from "./instant";
import { EventsQuery } from "./query-schema";
import { instantOf, utcOf } from "./row-store";
import type { EventItem, EventsPage } from "./schema";
import { likeText } from "./search-words";
import { type Named, readKey, rowsOf, type SessionKey, threadCondition } from "./store";

/** A place in the session's order: instant, rank of its type, thread, id. Without an instant: at the end. */
export type Place = EventsCursor["k"];
type Way = { forward: boolean; from: Place | null; inclusive: boolean };
type Found = { item: EventItem; place: Place };

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
  const found = await readSome(key, query, way, query.limit + 1, db);
  const more = found.length > query.limit;
  const page = found.slice(0, query.limit);
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
  const half = Math.floor(query.limit / 2);
  const before = await readSome(
    key,
    query,
    { forward: !ascending, from: place, inclusive: false },
    half + 1,
    db,
  );
  const rest = query.limit - Math.min(before.length, half);
  const after = await readSome(
    key,
    query,
    { forward: ascending, from: place, inclusive: true },
    rest + 1,
    db,
  );
  const page = [...before.slice(0, half).reverse(), ...after.slice(0, rest)];
  return pageOf(page, query.order, { next: after.length > rest, prev: before.length > half });
}

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

/** Events along the way, at most `limit`: those with an instant and those without in the right order. */
async function readSome(
  key: SessionKey,
  query: EventsQuery,
  way: Way,
  limit: number,
  db: Db,
): Promise<Found[]> {
  const parts = way.forward ? (["timed", "untimed"] as const) : (["untimed", "timed"] as const);
  const found: Found[] = [];
  for (const part of parts) {
    const inside = partCondition(way, part);
    if (inside === null || found.length >= limit) continue;
    const condition = Prisma.sql`${inside} and ${filterOf(query)}`;
    const rest = limit - found.length;
    found.push(...(await readPart(key, { condition, forward: way.forward, limit: rest }, db)));
  }
  return found;
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

async function readPart(
  key: SessionKey,
  part: { condition: Prisma.Sql; forward: boolean; limit: number },
  db: Db,
): Promise<Found[]> {
  const way = Prisma.raw(part.forward ? "asc" : "desc");
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(id, thread_id, type, ${utcOf("at")}, source,
      ${utcOf("received_at")}, rank, payload) order by n)::text as rows
    from (select *, row_number() over () as n from (
      select id, thread_id, type, at, source, received_at, rank, payload
      from event where ${rowsOf(key)} and ${part.condition}
      order by at ${way}, rank ${way}, id ${way}, thread_id ${way} limit ${part.limit}) e) e`;
  const rows = JSON.parse(row?.rows ?? "[]") as EventRow[];
  return rows.map(([id, thread, type, time, source, received, rank, event]) => {
    const at = time && instantFromJson(time);
    const received_at = instantFromJson(received);
    return {
      item: { id, session_thread_id: thread || null, type, at, source, received_at, event },
      place: [at, rank, thread, id],
    };
  });
}

type EventRow = [
  id: string,
  thread: string,
  type: string,
  at: string | null,
  source: EventItem["source"],
  receivedAt: string,
  rank: number,
  payload: Record<string, unknown>,
];
