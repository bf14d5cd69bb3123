import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { tellChanged } from "@/lib/live/store";
import { withdrawCells } from "@/lib/metrics/cell-store";
import type { SessionsOf } from "./schema";

/** Where rows of a session are. What ingest refused of it holds its content too. */
const TABLES = [
  "event",
  "span",
  "message_text",
  "thread",
  "session_state",
  "rejected_item",
  "session",
] as const;

export type Deleted = { count: number; last: string };

/** Removes up to `limit` sessions after the id `after`, in the order of ids; says how many and the last. */
export async function deleteSessions(
  db: Db,
  of: SessionsOf,
  { after, limit }: { after: string; limit: number },
): Promise<Deleted> {
  const mine =
    "source" in of
      ? Prisma.sql`source = ${of.source}`
      : Prisma.sql`connection_id = ${of.connectionId}
          and (${of.sessionId ?? null}::text is null or session_id = ${of.sessionId ?? null})`;
  const rows = await db.$queryRaw<Array<{ session_id: string; connection_id: string }>>`
    select session_id, connection_id from session
    where workspace = ${of.workspace} and session_id >= ${after} and ${mine}
    order by session_id limit ${limit} for update`;
  if (rows.length === 0) return { count: 0, last: after };
  await withdrawCells(
    db,
    of.workspace,
    rows.map((row) => ({ sessionId: row.session_id, connectionId: row.connection_id })),
  );
  const keys = JSON.stringify(rows);
  for (const table of TABLES)
    await db.$executeRawUnsafe(
      `delete from "${table}" t using json_to_recordset($1::json) as k(session_id text, connection_id text)
       where t.workspace = $2 and t.session_id = k.session_id and t.connection_id = k.connection_id`,
      keys,
      of.workspace,
    );
  await tellChanged(
    db,
    of,
    rows.map((row) => row.session_id),
  );
  return { count: rows.length, last: rows.at(-1)?.session_id ?? after };
}

/** What a connection told of beside its sessions. */
export async function deleteConnectionObjects(
  db: Db,
  { workspace, connectionId }: { workspace: string; connectionId: string },
): Promise<void> {
  const where = { workspace, connectionId };
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
  await db.rejectedItem.deleteMany({ where });
}
