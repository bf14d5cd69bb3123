import { prisma } from "@/lib/db/client";
import { addBackfilled, finishBackfill, readBackfilled } from "./backfill-store";
import { isCut } from "./gaps";
import { nextPage, storeObjects } from "./list-service";
import { type Sync, syncSession } from "./session-service";
import { claimListed, countUnread, noteListed } from "./sync-store";

const PAGE = 100;
const SESSIONS_AT_ONCE = 8;
const LEASE_SECONDS = 300;
const DAY_MS = 86_400_000;

/**
 * Reads history, newest first, until `untilMs`; true when the oldest session is in. Cursors are not
 * kept: after a pause or a crash it goes on at the creation time of the last page that was done.
 */
export async function readBackfill(sync: Sync, untilMs: number): Promise<boolean> {
  const { reader, connection, client } = sync;
  const from = await readBackfilled(prisma, reader);
  const days = connection.backfillDays;
  const oldest = days === null ? null : new Date(from.startedAt.getTime() - days * DAY_MS);
  const filter = {
    order: "desc" as const,
    include_archived: true,
    ...(from.before === null ? {} : { "created_at[lte]": from.before }),
    ...(oldest === null ? {} : { "created_at[gte]": oldest.toISOString() }),
  };
  let page = await client.beta.sessions.list({ limit: PAGE, ...filter });
  for (;;) {
    const objects = new Map(page.data.map((session) => [session.id, session]));
    await storeObjects(sync, page.data);
    const listed = page.data.map(({ id, updated_at }) => ({ id, updatedAt: updated_at }));
    await noteListed(reader, listed, new Date());
    const rows = await claimListed(reader, [...objects.keys()], LEASE_SECONDS);
    let events = 0;
    await inTurns(SESSIONS_AT_ONCE, rows, async (row) => {
      events += await syncSession(sync, row, objects.get(row.sessionId));
    });
    const before = page.data.at(-1)?.created_at ?? from.before;
    await addBackfilled(prisma, reader, { before, sessions: page.data.length, events });
    const mayGoOn = page.hasNextPage() || isCut(page, PAGE);
    if (mayGoOn && Date.now() > untilMs) return false;
    const next = mayGoOn ? await nextPage(sync, page, filter) : null;
    if (next === null) {
      // What failed, or is being read by a turn, is not in yet: the turns are at it.
      if ((await countUnread(reader)) > 0) return false;
      await finishBackfill(prisma, reader);
      return true;
    }
    page = next;
  }
}

/** All of them, so many at a time. */
async function inTurns<T>(
  atOnce: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
