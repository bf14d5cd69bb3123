import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor, RejectedCursor } from "./cursor";
import type { RejectedEntry, RejectedPage, RejectedQuery } from "./detail-schema";
import { instantOf } from "./row-store";

/** Items that could not be taken, newest first, with their reason. */
export async function readRejected(
  workspace: string,
  { limit, cursor }: RejectedQuery,
  db: Db = prisma,
): Promise<RejectedPage> {
  const place = cursor === undefined ? null : decodeCursor(RejectedCursor, cursor);
  const beyond = place
    ? Prisma.sql`(received_at, id) < (${place[0]}::timestamptz, ${place[1]}::uuid)`
    : Prisma.sql`true`;
  const rows = await db.$queryRaw<RejectedEntry[]>`
    select id::text, ${instantOf(Prisma.raw("received_at"))} as received_at, source, kind, code, message,
      session_id, body, body_bytes
    from rejected_item r where workspace = ${workspace} and ${beyond}
    order by r.received_at desc, r.id desc limit ${limit + 1}`;
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last;
  return { data, next_cursor: more ? encodeCursor([last.received_at, last.id]) : null };
}
