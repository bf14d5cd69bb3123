import { type Db, prisma } from "@/lib/db/client";

/**
 * What was put off by a clock that was ahead: sessions are due as long after now as they were to be after
 * they were last seen, work on connections is due now, claims and pauses are over, and nothing is known to
 * be complete up to a time that has not come.
 */
export async function bringReadsBack(db: Db = prisma): Promise<void> {
  await db.$executeRaw`
    update sync_session set
      due_at = case when claimed_until > now() then least(due_at, now()) else
        least(due_at, greatest(now(), due_at - (greatest(seen_at, read_at) - now()))) end,
      claimed_until = least(claimed_until, now()), seen_at = least(seen_at, now()),
      read_at = least(read_at, now()), whole_at = least(whole_at, now())
    where greatest(seen_at, read_at, whole_at) > now() or claimed_until > now()`;
  await db.$executeRaw`
    update sync_work set due_at = least(due_at, now()), claimed_until = least(claimed_until, now())
    where due_at > now() or claimed_until > now()`;
  await db.$executeRaw`
    update read_budget set next_at = least(next_at, now()), blocked_until = least(blocked_until, now())
    where next_at > now() or blocked_until > now()`;
  await db.$executeRaw`delete from read_count where at > now()`;
  await db.$executeRaw`update sync_minute set until = now() where until > now()`;
  await db.$executeRaw`delete from sync_tail where claimed_until > now()`;
}
