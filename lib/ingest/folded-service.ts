import type { Db } from "@/lib/db/client";
import { writeContributions } from "./contribution-service";
import type { Days } from "./event-store";
import type { Folded } from "./folded";
import type { Origin } from "./schema";
import { deleteAllSpans, deleteSpans, writeSpans } from "./span-store";
import { writeSessions } from "./store";
import { deleteThreads, writeThreads } from "./thread-store";

/** Leaves in the database what folding has come to. */
export async function writeFolded(
  tx: Db,
  origin: Origin,
  days: Days,
  folded: Folded,
): Promise<void> {
  for (const key of folded.refolded) await deleteAllSpans(tx, origin, key);
  await deleteSpans(tx, origin, days, folded.goneSpans);
  await writeSpans(tx, origin, days, folded.spans);
  for (const { sessionId, ids } of folded.goneThreads)
    await deleteThreads(tx, origin, sessionId, ids);
  await writeThreads(tx, origin, folded.threads);
  await writeContributions(tx, origin, folded.contributions);
  await writeSessions(tx, origin, folded.sessions);
}
