import { type Db, prisma } from "@/lib/db/client";
import type { RetainedAnswer } from "./detail-schema";
import type { Named } from "./named";
import { readKey } from "./store";

/** Throws `not_found`. */
export async function readRetainedParts(
  workspace: string,
  named: Named,
  db: Db = prisma,
): Promise<RetainedAnswer> {
  const { sessionId, connectionId } = await readKey(workspace, named, db);
  const row = await db.sessionSeal.findUnique({
    where: { workspace_sessionId_connectionId: { workspace, sessionId, connectionId } },
    select: { contentAt: true, eventsAt: true, spansAt: true, until: true, late: true },
  });
  return {
    content_at: row?.contentAt?.toISOString() ?? null,
    events_at: row?.eventsAt?.toISOString() ?? null,
    spans_at: row?.spansAt?.toISOString() ?? null,
    until: row?.until?.toISOString() ?? null,
    late: row?.late ?? 0,
  };
}
