import { type Db, prisma } from "@/lib/db/client";

type Counted = { count: number; seconds: number };

/**
 * Counts one more of a key, in a window that begins with its first; one that would last longer than it can
 * was begun by a clock that was ahead, and is over. `seconds`: until it is over.
 */
export async function countOne(
  key: string,
  windowSeconds: number,
  db: Db = prisma,
): Promise<Counted> {
  const [row] = await db.$queryRaw<Counted[]>`
    insert into sign_in_attempt as known (key, count, until)
    values (${key}, 1, now() + make_interval(secs => ${windowSeconds}))
    on conflict (key) do update set
      count = case when known.until between now() and excluded.until then known.count + 1 else 1 end,
      until = case when known.until between now() and excluded.until then known.until
        else excluded.until end
    returning count, ceil(extract(epoch from until - now()))::int as seconds`;
  return row ?? { count: 1, seconds: windowSeconds };
}

export async function takeOneBack(key: string, db: Db = prisma): Promise<void> {
  await db.$executeRaw`
    update sign_in_attempt set count = count - 1 where key = ${key} and count > 0`;
}

export async function deleteCount(key: string, db: Db = prisma): Promise<void> {
  await db.$executeRaw`delete from sign_in_attempt where key = ${key}`;
}

/** By the clock: windows that are over. */
export async function deleteEndedCounts(db: Db = prisma): Promise<void> {
  await db.$executeRaw`delete from sign_in_attempt where until <= now()`;
}
