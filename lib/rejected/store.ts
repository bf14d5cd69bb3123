import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { AppError } from "@/lib/http/errors";
import type { Rejection } from "@/lib/ingest/schema";
import { isHeld, shareHolds } from "@/lib/retention/hold-store";
import { RejectedCursor } from "@/lib/sessions/cursor";
import { instantOf } from "@/lib/sessions/row-store";
import type {
  DeleteManyAnswer,
  DeleteManyQuery,
  RejectedCounts,
  RejectedEntry,
  RejectedFilter,
  RejectedItem,
  RejectedPage,
  RejectedQuery,
} from "./schema";
import { MOST_COUNTED, SHOWN_CHARS } from "./sizes";

const at = (column: string) => instantOf(Prisma.raw(column));
const REASON = Prisma.sql`split_part(message, ':', 1)`;
const ENTRY = Prisma.sql`id::text, ${at("received_at")} as received_at, ${at("tried_at")} as tried_at,
  source, nullif(connection_id, '') as connection_id, kind, code, ${REASON} as reason, message,
  session_id, thread_id as session_thread_id, body_bytes, octet_length(body) = body_bytes as complete,
  original is not null as changed`;

function matching(workspace: string, filter: RejectedFilter): Prisma.Sql {
  const conditions = [Prisma.sql`workspace = ${workspace}`];
  if (filter.reason !== undefined) conditions.push(Prisma.sql`${REASON} = ${filter.reason}`);
  if (filter.kind !== undefined) conditions.push(Prisma.sql`kind = ${filter.kind}`);
  if (filter.source !== undefined) conditions.push(Prisma.sql`source = ${filter.source}`);
  if (filter.session !== undefined) conditions.push(Prisma.sql`session_id = ${filter.session}`);
  return Prisma.join(conditions, " and ");
}

function beyond(cursor: string | undefined): Prisma.Sql {
  if (cursor === undefined) return Prisma.sql`true`;
  const [receivedAt, id] = decodeCursor(RejectedCursor, cursor);
  return Prisma.sql`(received_at, id) < (${receivedAt}::timestamptz, ${id}::uuid)`;
}

const placeOf = ({ received_at, id }: { received_at: string; id: string }) =>
  encodeCursor([received_at, id]);

/** Newest first, each with the beginning of its body. */
export async function listRejected(
  workspace: string,
  { limit, cursor, ...filter }: RejectedQuery,
  db: Db = prisma,
): Promise<RejectedPage> {
  const rows = await db.$queryRaw<RejectedEntry[]>`
    select ${ENTRY}, left(body, ${SHOWN_CHARS}::int) as body from rejected_item r
    where ${matching(workspace, filter)} and ${beyond(cursor)}
    order by r.received_at desc, r.id desc limit ${limit + 1}`;
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, next_cursor: rows.length > limit && last ? placeOf(last) : null };
}

/** Throws `not_found`. */
export async function readRejected(
  workspace: string,
  id: string,
  db: Db = prisma,
): Promise<RejectedItem> {
  const [row] = await db.$queryRaw<RejectedItem[]>`
    select ${ENTRY}, body, original from rejected_item r
    where workspace = ${workspace} and id = ${id}::uuid`;
  if (!row) throw noSuchItem();
  return row;
}

export const noSuchItem = () =>
  new AppError("not_found", "There is no such rejected item; it may have been taken in meanwhile.");

/** Counts of the newest that match, and of each facet's values under all filters but its own. */
export async function countRejected(
  workspace: string,
  filter: RejectedFilter,
  db: Db = prisma,
): Promise<RejectedCounts> {
  const facet = async (name: "reason" | "kind" | "source") => {
    const others = matching(workspace, { ...filter, [name]: undefined });
    const value = name === "reason" ? REASON : Prisma.raw(name);
    return db.$queryRaw<{ value: string; count: number }[]>`
      select value, count(*)::int as count from (
        select ${value} as value from rejected_item where ${others}
        order by received_at desc limit ${MOST_COUNTED}) newest
      group by value order by count(*) desc, value limit 50`;
  };
  const [row] = await db.$queryRaw<{ total: number; newest_at: string | null }[]>`
    select count(*)::int as total, ${at("max(received_at)")} as newest_at from (
      select received_at from rejected_item where ${matching(workspace, filter)}
      order by received_at desc limit ${MOST_COUNTED + 1}) newest`;
  const { total = 0, newest_at = null } = row ?? {};
  const facets = {
    reason: await facet("reason"),
    kind: await facet("kind"),
    source: await facet("source"),
  };
  const capped = total > MOST_COUNTED;
  return { total: Math.min(total, MOST_COUNTED), capped, newest_at, facets };
}

/** What a try needs of an item; `body` is null where an earlier version has cut it. */
export type Waiting = { id: string; source: string; connectionId: string; body: string | null };
const WAITING = Prisma.sql`id::text, source, connection_id as "connectionId",
  case when octet_length(body) = body_bytes then body end as body`;

/** Throws `not_found`. */
export async function readWaiting(
  workspace: string,
  id: string,
  db: Db = prisma,
): Promise<Waiting> {
  const [row] = await db.$queryRaw<Waiting[]>`
    select ${WAITING} from rejected_item where workspace = ${workspace} and id = ${id}::uuid`;
  if (!row) throw noSuchItem();
  return row;
}

/** Newest first, no more than `maxBytes` of bodies beyond the first. */
export async function listWaiting(
  workspace: string,
  { limit, cursor, ...filter }: RejectedQuery,
  maxBytes: number,
  db: Db = prisma,
): Promise<{ rows: Waiting[]; nextCursor: string | null }> {
  const found = await db.$queryRaw<(Waiting & { received_at: string; more: boolean })[]>`
    select ${WAITING}, ${at("received_at")} as received_at, total > place as more
    from (select *, row_number() over way as place, sum(body_bytes) over way - body_bytes as bytes,
        count(*) over () as total
      from (select * from rejected_item r where ${matching(workspace, filter)} and ${beyond(cursor)}
        order by r.received_at desc, r.id desc limit ${limit + 1}) newest
      window way as (order by received_at desc, id desc)) r
    where place <= ${limit} and (place = 1 or bytes < ${maxBytes})
    order by r.received_at desc, r.id desc`;
  const last = found.at(-1);
  return { rows: found, nextCursor: last?.more ? placeOf(last) : null };
}

/** The reason why a try failed, and the body it was tried with where that is not what came. */
export async function saveRefusal(
  db: Db,
  workspace: string,
  id: string,
  refusal: { rejection: Rejection; now: Date; body?: string | undefined },
): Promise<void> {
  const { rejection, now, body } = refusal;
  await db.$executeRaw`
    update rejected_item set tried_at = ${now}, kind = ${rejection.kind}, code = ${rejection.code},
      message = ${rejection.message}, session_id = ${rejection.sessionId},
      thread_id = ${rejection.threadId},
      original = case when ${body ?? null}::text <> body then coalesce(original, body) else original end,
      body = coalesce(${body ?? null}::text, body),
      body_bytes = coalesce(octet_length(${body ?? null}::text), body_bytes)
    where workspace = ${workspace} and id = ${id}::uuid`;
}

/** How many of them were there. */
export async function deleteRejected(
  workspace: string,
  ids: readonly string[],
  db: Db = prisma,
): Promise<number> {
  return db.$executeRaw`
    delete from rejected_item where workspace = ${workspace} and id = any(${[...ids]}::uuid[])`;
}

/** Whether it was there and not held. */
export async function deleteUnheld(db: Db, workspace: string, id: string): Promise<boolean> {
  await shareHolds(db, workspace);
  const deleted = await db.$executeRaw`
    delete from rejected_item r where workspace = ${workspace} and id = ${id}::uuid and not ${isHeld("r")}`;
  return deleted > 0;
}

/** A statement's worth; the rest is asked for again. */
const DELETED_AT_ONCE = 10_000;

/** What is held stays. */
export async function deleteMatching(
  db: Db,
  workspace: string,
  { until, ...filter }: DeleteManyQuery,
): Promise<DeleteManyAnswer> {
  await shareHolds(db, workspace);
  const deleted = await db.$executeRaw`
    delete from rejected_item where workspace = ${workspace} and id in (
      select id from rejected_item r
      where ${matching(workspace, filter)} and received_at <= ${until}::timestamptz and not ${isHeld("r")}
      order by received_at desc limit ${DELETED_AT_ONCE})`;
  return { deleted, more: deleted === DELETED_AT_ONCE };
}
