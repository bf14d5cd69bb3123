import type { Db } from "@/lib/db/client";
import { readSessions } from "@/lib/sessions/list-store";
import { SessionsQuery } from "@/lib/sessions/query-schema";
import { type Behind, sessionParams } from "./behind";

/** Of an episode at most so many are kept, and named in a message. */
export const MOST_SESSIONS = 200;
const NAMED = 3;

export type Evidence = {
  ids: string[];
  named: { id: string; outcome: string; cost_nanos: number }[];
};

export const NO_EVIDENCE: Evidence = { ids: [], named: [] };

/** The sessions behind an alert in a window, those that failed first. */
export async function readEvidence(
  workspace: string,
  behind: Behind | null,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  db: Db,
): Promise<Evidence> {
  if (behind === null) return NO_EVIDENCE;
  const { filter, by, sort, failed, session } = behind;
  const span = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  const asked = {
    ...sessionParams(filter),
    by,
    sort,
    ...(session === null ? span : { q: session }),
  };
  const read = async (more: object, limit: number) =>
    limit > 0
      ? (await readSessions(workspace, SessionsQuery.parse({ ...asked, ...more, limit }), { db }))
          .data
      : [];
  const first = await read(failed ? { failed: true } : {}, MOST_SESSIONS);
  const others = failed ? await read({ failed: false }, MOST_SESSIONS - first.length) : [];
  const found = session === null ? [...first, ...others] : first.filter(({ id }) => id === session);
  return {
    ids: found.map(({ id }) => id),
    named: found.slice(0, NAMED).map(({ id, outcome, cost }) => ({
      ...{ id, outcome },
      cost_nanos: cost.computed_nanos,
    })),
  };
}
