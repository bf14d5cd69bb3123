import type { Db } from "@/lib/db/client";
import { type Change, SESSIONS_CHANNEL } from "./schema";

/** A NOTIFY carries 8,000 bytes at most; of more sessions than this it only says that there are many. */
const MOST_SESSIONS = 100;
const MOST_BYTES = 7_500;

/** Tells whoever watches, once the transaction is committed, which sessions changed or went. */
export async function tellChanged(
  db: Db,
  { workspace }: { workspace: string },
  ids: readonly string[],
): Promise<void> {
  const messageOf = (sessions: Change["sessions"]) => JSON.stringify({ workspace, sessions });
  const named = ids.length > MOST_SESSIONS ? null : messageOf([...ids]);
  const fits = named !== null && Buffer.byteLength(named) <= MOST_BYTES;
  await db.$executeRaw`
    select pg_notify(${SESSIONS_CHANNEL}, ${fits ? named : messageOf(null)})`;
}
