import type { Db } from "@/lib/db/client";
import { SessionFilter } from "@/lib/sessions/query-schema";
import { sessionParams } from "./behind";
import type { Look } from "./observe-service";
import type { Observed } from "./observed";
import { boundOf, sessionLabels } from "./session-bounds";
import { isOpenStatus } from "./turns";
import { readTold, readWatched, type Watched } from "./watch-store";

/** Sessions that a rule of sessions has to judge at a tick. */
export async function observeSessions(
  workspace: string,
  { rule, row, tickMs, lives }: Look,
  db: Db,
): Promise<Observed[]> {
  if (rule.kind !== "session") return [];
  const atMs = tickMs - rule.delayMs;
  const sinceMs = (row.cursor?.getTime() ?? tickMs - rule.everyMs) - rule.delayMs;
  const known = lives.filter(({ instance }) => instance && isOpenStatus(instance.status));
  const open = new Map(known.map(({ labels }) => [keyOf(labels), labels]));
  const watched = await readWatched(
    workspace,
    {
      ...{ measure: rule.measure, filter: SessionFilter.parse(sessionParams(rule.filters)) },
      open: [...open.values()].map(({ session = "", connection = "" }) => [session, connection]),
      ...{ atMs, tickMs, sinceMs, windowMs: rule.windowMs, bound: boundOf(rule.compared) },
    },
    db,
  );
  const isNew = (one: Watched) => !open.has(keyOf(labelsOf(one)));
  const over = watched.filter((one) => one.ended && isNew(one));
  // Those of this very run are not written yet.
  const gone = new Set(lives.flatMap(({ labels, instance }) => (instance ? [] : keyOf(labels))));
  const asked = { ruleId: row.id, since: new Date(sinceMs) };
  const told = over.length === 0 ? new Map() : await readTold(workspace, asked, db);
  const isTold = (one: Watched) => {
    const key = keyOf(labelsOf(one));
    return gone.has(key) || (told.get(key) ?? -Infinity) >= (one.settledAt?.getTime() ?? 0);
  };
  return watched
    .filter((one) => !(one.ended && isNew(one) && isTold(one)))
    .map((one) => ({
      labels: open.get(keyOf(labelsOf(one))) ?? labelsOf(one),
      // One that is over already is told of all the same: it ends at the tick after.
      observation: { kind: "session", value: one.value, ended: one.ended && !isNew(one) },
    }));
}

const labelsOf = ({ id, connectionId, agent, environment }: Watched) =>
  sessionLabels({ session: id, connection: connectionId, agent, environment });

/** A session keeps the labels with which it was first seen, whatever becomes of its agent. */
const keyOf = ({ session = "", connection = "" }: Record<string, string>) =>
  `${session} ${connection}`;
