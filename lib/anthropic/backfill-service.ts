import { prisma } from "@/lib/db/client";
import { uniformIso } from "@/lib/time/micros";
import { addBackfilled, addBackfillTime, finishBackfill, readBackfilled } from "./backfill-store";
import { claimListed, releaseClaims, renewClaims } from "./claim-store";
import { takeTogether } from "./intake-service";
import { nextPage, takeListed } from "./list-service";
import { isCut } from "./omissions";
import { type Sync, syncSession } from "./session-service";
import { countUnread } from "./sync-store";
import { holding } from "./work-service";

const PAGE = 100;
const SESSIONS_AT_ONCE = 16;
const DAY_MS = 86_400_000;

/**
 * Reads history, newest first, until `untilMs`; true when the oldest session is in. Cursors are not
 * kept: after a pause or a crash it goes on at the creation time of the last page that was done.
 */
export async function readBackfill(sync: Sync, untilMs: number): Promise<boolean> {
  const lap = startLaps();
  try {
    return await readPages({ ...sync, take: takeTogether(sync.reader) }, untilMs, lap);
  } catch (error) {
    // What was read of the page is not read again: the rate would be too good without this time.
    await addBackfillTime(prisma, sync.reader, lap());
    throw error;
  }
}

async function readPages(sync: Sync, untilMs: number, lap: () => number): Promise<boolean> {
  const { reader, connection, client } = sync;
  const { leaseMs } = sync.rhythm;
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
    await takeListed(sync, page.data);
    const rows = await claimListed(reader, [...objects.keys()], leaseMs);
    const mine = rows.map(({ sessionId }) => sessionId);
    const renew = () => renewClaims(reader, mine, leaseMs);
    let events = 0;
    try {
      await holding({ leaseMs, renew }, () =>
        inTurns(SESSIONS_AT_ONCE, rows, async (row) => {
          events += await syncSession(sync, row, objects.get(row.sessionId));
        }),
      );
    } catch (error) {
      await releaseClaims(reader, mine);
      throw error;
    }
    const before = page.data.at(-1)?.created_at ?? from.before;
    // Where it went on, the page before ended: those are counted.
    const isMore = (at: string) => from.before === null || uniformIso(at) < from.before;
    const sessions = page.data.filter(({ created_at }) => isMore(created_at)).length;
    await addBackfilled(prisma, reader, { before, sessions, events, ms: lap() });
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

/** Each call answers with the ms since the one before. */
function startLaps(): () => number {
  let sinceMs = Date.now();
  return () => {
    const ms = Date.now() - sinceMs;
    sinceMs += ms;
    return ms;
  };
}

/** All of them, so many at a time. After a failure no more is begun; it is thrown once nothing is under way. */
async function inTurns<T>(
  atOnce: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  let left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift())
      await work(item).catch((error: unknown) => {
        left = [];
        throw error;
      });
  };
  const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  const failed = lanes.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}
