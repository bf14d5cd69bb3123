import { pricesHeld } from "@/lib/costs/prices-store";
import type { Db } from "@/lib/db/client";
import type { SessionName } from "@/lib/ingest/seal-store";
import { claimMaskingRun, type MaskingRunKey, type MaskingRunRow } from "@/lib/masking/runs-store";
import { holdRules } from "@/lib/masking/store";
import { promotionsHeld } from "@/lib/metrics/promoted-store";
import { holdsShared, isHeld } from "./hold-store";

/**
 * Locks it until the transaction ends; null when another process is at it, or it has ended. Prices, promoted
 * keys, rules and holds are held first, as by all who then lock sessions, so that nobody waits in a circle.
 */
export async function claimMasking(db: Db, key: MaskingRunKey): Promise<MaskingRunRow | null> {
  await db.$executeRaw`${pricesHeld(key.workspace)}`;
  await db.$executeRaw`${promotionsHeld(key.workspace)}`;
  await holdRules(db, key.workspace);
  await db.$executeRaw`${holdsShared(key.workspace)}`;
  return claimMaskingRun(db, key);
}

export const countSessions = (db: Db, workspace: string): Promise<number> =>
  db.session.count({ where: { workspace } });

/** The next sessions after the place that was reached, with why one of them is to stay as it is. */
export async function readNextSessions(
  db: Db,
  { workspace, afterSession, afterConnection }: MaskingRunRow,
  limit: number,
): Promise<(SessionName & { held: boolean; sealed: boolean })[]> {
  return db.$queryRaw`
    select s.session_id as "sessionId", s.connection_id as "connectionId", ${isHeld("s")} as held,
      x.events_at is not null as sealed
    from session s left join session_seal x using (workspace, session_id, connection_id)
    where s.workspace = ${workspace}
      and (s.session_id, s.connection_id) > (${afterSession}, ${afterConnection})
    order by s.session_id, s.connection_id limit ${limit}`;
}

/** Connections of which everything is held. */
export async function readHeldConnections(db: Db, workspace: string): Promise<Set<string>> {
  const rows = await db.legalHold.findMany({
    where: { workspace, kind: "connection", liftedAt: null },
    select: { connectionId: true },
  });
  return new Set(rows.flatMap(({ connectionId }) => connectionId ?? []));
}
