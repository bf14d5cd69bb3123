import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { remainsOf } from "@/lib/ingest/remains-store";
import type { SessionName } from "@/lib/ingest/seal-store";
import { tellChanged } from "@/lib/live/store";
import { withdrawCells } from "@/lib/metrics/cell-store";
import { type HoldName, holdsShared, isHeld, readHoldOf } from "./hold-store";
import type { SessionsOf } from "./schema";

/** Where rows of a session are. What ingest refused of it holds its content too. */
const TABLES = [
  "event",
  "span",
  "message_text",
  "withheld_result",
  "thread",
  "session_state",
  "session_seal",
  "rejected_item",
  "held_session",
  "session",
] as const;

export type Deleted = { count: number; last: string };

/**
 * Removes up to `limit` sessions after the id `after`, in the order of ids; says how many and the last.
 * What is held stays.
 */
export async function deleteSessions(
  db: Db,
  of: SessionsOf,
  { after, limit }: { after: string; limit: number },
): Promise<Deleted> {
  await db.$executeRaw`${holdsShared(of.workspace)}`;
  const mine =
    "source" in of
      ? Prisma.sql`source = ${of.source}`
      : Prisma.sql`connection_id = ${of.connectionId}
          and (${of.sessionId ?? null}::text is null or session_id = ${of.sessionId ?? null})`;
  const rows = await db.$queryRaw<Array<{ session_id: string; connection_id: string }>>`
    select session_id, connection_id from session
    where workspace = ${of.workspace} and session_id >= ${after} and ${mine}
      and not ${isHeld("session")}
    order by session_id limit ${limit} for update`;
  if (rows.length === 0) return { count: 0, last: after };
  await withdrawCells(
    db,
    of.workspace,
    rows.map((row) => ({ sessionId: row.session_id, connectionId: row.connection_id })),
  );
  await deleteSessionRows(
    db,
    of.workspace,
    rows.map((row) => ({ sessionId: row.session_id, connectionId: row.connection_id })),
  );
  await tellChanged(
    db,
    of,
    rows.map((row) => row.session_id),
  );
  return { count: rows.length, last: rows.at(-1)?.session_id ?? after };
}

/** The rows of sessions that are locked, but their cells. */
export async function deleteSessionRows(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<void> {
  const keys = sessions.map((one) => ({
    ...{ session_id: one.sessionId, connection_id: one.connectionId },
  }));
  for (const table of TABLES)
    await db.$executeRawUnsafe(
      `delete from "${table}" t using json_to_recordset($1::json) as k(session_id text, connection_id text)
       where t.workspace = $2 and t.session_id = k.session_id and t.connection_id = k.connection_id`,
      JSON.stringify(keys),
      workspace,
    );
}

/** Results that have waited for their call since before then, up to `limit`; how many they were. */
export function deleteWithheldBefore(db: Db, before: Date, limit: number): Promise<number> {
  return db.$executeRaw`
    delete from withheld_result where (workspace, session_id, connection_id, call_id, id) in (
      select workspace, session_id, connection_id, call_id, id from withheld_result w
      where received_at < ${before} and not ${isHeld("w")} limit ${limit})`;
}

/**
 * Takes what remains of sessions that retention has dropped out of the totals, as it does those that are
 * here. Of a connection that is held it stays.
 */
export async function deleteRemains(
  db: Db,
  workspace: string,
  of: { source: string } | { connectionId: string },
): Promise<void> {
  await db.$executeRaw`${holdsShared(workspace)}`;
  const free = Prisma.sql`${remainsOf(workspace, of)} and not ${isHeld("session_state")}`;
  const rows = await db.$queryRaw<SessionName[]>`
    select session_id as "sessionId", connection_id as "connectionId" from session_state
    where ${free} for update`;
  await withdrawCells(db, workspace, rows);
  await db.$executeRaw`delete from session_state where ${free}`;
}

/**
 * What a connection told of beside its sessions: its refused items but those that are held, and the rest
 * unless anything of it is. Returns the hold that keeps it, if one does.
 */
export async function deleteConnectionObjects(
  db: Db,
  { workspace, connectionId }: { workspace: string; connectionId: string },
): Promise<HoldName | null> {
  await db.$executeRaw`${holdsShared(workspace)}`;
  const where = { workspace, connectionId };
  const hold = await readHoldOf(where, db);
  await db.$executeRaw`
    delete from rejected_item r where workspace = ${workspace} and connection_id = ${connectionId}
      and not ${isHeld("r")}`;
  if (hold) return hold;
  await db.agent.deleteMany({ where });
  await db.agentVersion.deleteMany({ where });
  await db.agentRelease.deleteMany({ where });
  await db.environment.deleteMany({ where });
  await db.billedCost.deleteMany({ where });
  await db.deployment.deleteMany({ where });
  await db.deploymentRun.deleteMany({ where });
  await db.resource.deleteMany({ where });
  await db.workQueue.deleteMany({ where });
  await db.modelLife.deleteMany({ where });
  return null;
}
