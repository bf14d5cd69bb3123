import { type Db, prisma } from "@/lib/db/client";

/**
 * What a clock that was ahead has put off is looked at now, which sends nothing twice: what was sent is
 * remembered, only its time is that of now.
 */
export async function bringMessagesBack(now: Date, db: Db = prisma): Promise<void> {
  await db.$executeRaw`
    update notice_group set flush_at = ${now}, last_sent_at = least(last_sent_at, ${now}),
      state = case when (state #>> '{failed,atMs}')::float8 > ${now.getTime()}
        then jsonb_set(state, '{failed,atMs}', to_jsonb(${now.getTime()}::float8)) else state end
    where cardinality(members) > 0 and (flush_at > ${now} or last_sent_at > ${now})`;
  await db.$executeRaw`
    update delivery set due_at = least(due_at, ${now}), leased_until = least(leased_until, ${now})
    where finished_at is null and (due_at > ${now} or leased_until > ${now})`;
  await db.$executeRaw`
    update channel set clear_at = least(clear_at, ${now}), last_sent_at = least(last_sent_at, ${now})
    where clear_at > ${now} or last_sent_at > ${now}`;
  await db.$executeRaw`
    update notice set opened_at = least(opened_at, ${now}), closed_at = least(closed_at, ${now}),
      acknowledged_at = least(acknowledged_at, ${now})
    where opened_at > ${now} or closed_at > ${now} or acknowledged_at > ${now}`;
}
