import { z } from "zod";
import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { CursorInstant, RejectedCursor } from "@/lib/sessions/cursor";
import type { ConnectionKey } from "./store";
import type {
  DeliveriesPage,
  DeliveryItem,
  FailureItem,
  FailuresPage,
  WebhooksQuery,
} from "./webhook-schema";

const DeliveryCursor = z.tuple([CursorInstant, z.string().max(200)]);

const utc = (column: string) =>
  Prisma.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

/** The deliveries of a connection, newest first, with what became of each. */
export async function readDeliveries(
  { workspace, id }: ConnectionKey,
  { limit, cursor }: WebhooksQuery,
  db: Db = prisma,
): Promise<DeliveriesPage> {
  const place = cursor === undefined ? null : decodeCursor(DeliveryCursor, cursor);
  const beyond = place
    ? Prisma.sql`(d.received_at, d.webhook_id) < (${place[0]}::timestamptz, ${place[1]}::text)`
    : Prisma.sql`true`;
  const rows = await db.$queryRaw<DeliveryItem[]>`
    select d.webhook_id, ${utc("d.received_at")} as received_at, ${utc("d.created_at")} as created_at,
      d.type, d.resource_id, d.thread_id as session_thread_id, s.session_id, d.repeats,
      case
        when d.type ~ '^(agent|environment)[.]' then 'listed'
        when d.type not like 'session.%' then 'kept'
        when y.gone_at is not null then 'gone'
        when y.read_at >= d.received_at then 'read'
        when y.failures > 0 then 'failed'
        else 'waiting' end as result,
      case when y.read_at >= d.received_at then ${utc("y.read_at")} end as read_at,
      case when y.failures > 0 then y.last_error end as error
    from webhook_delivery d
    left join sync_session y on d.type like 'session.%' and y.workspace = d.workspace
      and y.connection_id = d.connection_id and y.session_id = d.resource_id
    left join session s on d.type like 'session.%' and s.workspace = d.workspace
      and s.connection_id = d.connection_id and s.session_id = d.resource_id
    where d.workspace = ${workspace} and d.connection_id = ${id} and ${beyond}
    order by d.received_at desc, d.webhook_id desc limit ${limit + 1}`;
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last;
  return { data, next_cursor: more ? encodeCursor([last.received_at, last.webhook_id]) : null };
}

/** Deliveries that were refused, newest first. */
export async function readFailures(
  { workspace, id }: ConnectionKey,
  { limit, cursor }: WebhooksQuery,
  db: Db = prisma,
): Promise<FailuresPage> {
  const place = cursor === undefined ? null : decodeCursor(RejectedCursor, cursor);
  const beyond = place
    ? Prisma.sql`(f.received_at, f.id) < (${place[0]}::timestamptz, ${place[1]}::uuid)`
    : Prisma.sql`true`;
  const rows = await db.$queryRaw<FailureItem[]>`
    select f.id::text, ${utc("f.received_at")} as received_at, f.reason, f.remote
    from webhook_failure f
    where f.workspace = ${workspace} and f.connection_id = ${id} and ${beyond}
    order by f.received_at desc, f.id desc limit ${limit + 1}`;
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last;
  return { data, next_cursor: more ? encodeCursor([last.received_at, last.id]) : null };
}
