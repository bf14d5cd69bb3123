import { prisma } from "@/lib/db/client";
import type { SessionsOf } from "./schema";
import { deleteConnectionObjects, deleteSessions } from "./store";

/** Sessions a transaction: one of fifty thousand events may be among them. */
const BATCH = 100;

/**
 * Removes these sessions, also those that come while it runs, and tells after each batch how many are
 * gone. Stopped in the middle it can simply be begun again.
 */
export async function removeSessions(
  of: SessionsOf,
  progress: (done: number) => Promise<void> | void = () => {},
): Promise<number> {
  let done = 0;
  let after = "";
  for (;;) {
    const batch = await prisma.$transaction(
      (tx) => deleteSessions(tx, of, { after, limit: BATCH }),
      { timeout: 120_000 },
    );
    if (batch.count === 0 && after === "") return done;
    after = batch.count === 0 ? "" : batch.last;
    done += batch.count;
    if (batch.count > 0) await progress(done);
  }
}

/** Removes everything that came by a connection. The job of a removal with `data=purge`. */
export async function purgeConnection(of: {
  workspace: string;
  connectionId: string;
}): Promise<number> {
  const done = await removeSessions(of);
  await deleteConnectionObjects(prisma, of);
  return done;
}
