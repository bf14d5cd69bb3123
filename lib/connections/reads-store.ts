import { type Db, prisma } from "@/lib/db/client";

/** Requests each connection made within the last minute, by id; those that made none are left out. */
export async function readReadsLastMinute(
  ids: string[],
  db: Db = prisma,
): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<Array<{ id: string; reads: number }>>`
    select connection_id as id, sum(reads)::int as reads from read_count
    where connection_id = any(${ids}::text[]) and at > now() - interval '60 seconds'
    group by connection_id`;
  return new Map(rows.map(({ id, reads }) => [id, reads]));
}
