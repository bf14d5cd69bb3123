import { z } from "zod";
import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { CursorInstant } from "@/lib/sessions/cursor";
import { instantOf } from "@/lib/sessions/row-store";
import type { DeliveriesPage, DeliveriesQuery, DeliveryEntry } from "./delivery-schema";
import type { DeliveryKey } from "./delivery-store";

const DeliveryCursor = z.tuple([CursorInstant, z.string().max(200)]);
const at = (column: string) => instantOf(Prisma.raw(`d.${column}`));

const entry = () => Prisma.sql`d.id, d.channel_id, c.name as channel_name, d.reason, d.state,
  d.state_reason, d.episode_ids, jsonb_array_length(d.attempts) as attempts,
  (d.attempts -> -1 ->> 'status')::int as last_status, d.attempts -> -1 ->> 'error' as last_error,
  ${at("due_at")} as due_at, ${at("created_at")} as created_at, ${at("finished_at")} as finished_at`;
const FROM = Prisma.sql`from delivery d
  left join channel c on c.workspace = d.workspace and c.id = d.channel_id`;

/** Newest first. */
export async function listDeliveries(
  workspace: string,
  { channel, state, reason, episode, limit, cursor }: DeliveriesQuery,
  db: Db = prisma,
): Promise<DeliveriesPage> {
  const conditions = [Prisma.sql`d.workspace = ${workspace}`];
  if (channel !== undefined) conditions.push(Prisma.sql`d.channel_id = ${channel}`);
  if (state !== undefined) conditions.push(Prisma.sql`d.state = ${state}`);
  if (reason !== undefined) conditions.push(Prisma.sql`d.reason = ${reason}`);
  if (episode !== undefined)
    conditions.push(Prisma.sql`d.episode_ids @> array[${episode}]::text[]`);
  if (cursor !== undefined) {
    const [createdAt, id] = decodeCursor(DeliveryCursor, cursor);
    conditions.push(Prisma.sql`(d.created_at, d.id) < (${createdAt}::timestamptz, ${id}::text)`);
  }
  const rows = await db.$queryRaw<DeliveryEntry[]>`
    select ${entry()} ${FROM} where ${Prisma.join(conditions, " and ")}
    order by d.created_at desc, d.id desc limit ${limit + 1}`;
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last;
  return { data, next_cursor: more ? encodeCursor([last.created_at, last.id]) : null };
}

export type Detail = Omit<DeliveryEntry, "attempts"> & { attempts: unknown; content: unknown };

export async function readDetail(
  { workspace, id }: DeliveryKey,
  db: Db = prisma,
): Promise<Detail | null> {
  const [row] = await db.$queryRaw<Detail[]>`
    select ${entry()}, d.attempts, d.content ${FROM}
    where d.workspace = ${workspace} and d.id = ${id}`;
  return row ?? null;
}
