import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import type { Connection, Prisma } from "@/lib/db/generated/client";
import { MOST_CONNECTIONS } from "./schema";

export type ConnectionRow = Connection;
export type NewConnectionRow = Prisma.ConnectionCreateManyInput;
export type ConnectionChanges = Partial<Omit<ConnectionRow, "workspace" | "id">>;
export type ConnectionKey = { workspace: string; id: string };

const where = ({ workspace, id }: ConnectionKey) => ({ workspace_id: { workspace, id } });

export async function readConnection(
  key: ConnectionKey,
  db: Db = prisma,
): Promise<ConnectionRow | null> {
  return db.connection.findUnique({ where: where(key) });
}

/** By its id alone, whichever workspace it is of: for those who come by its webhook address. */
export async function readConnectionOfAny(
  id: string,
  db: Db = prisma,
): Promise<ConnectionRow | null> {
  return db.connection.findUnique({ where: { id } });
}

/** Reads it and keeps others from changing it until the transaction ends. */
export async function lockConnection(db: Db, key: ConnectionKey): Promise<ConnectionRow | null> {
  const locked = await db.$executeRaw`
    select from connection where workspace = ${key.workspace} and id = ${key.id} for update`;
  return locked === 0 ? null : readConnection(key, db);
}

/** Oldest first. */
export async function listConnections(
  workspace: string,
  db: Db = prisma,
): Promise<ConnectionRow[]> {
  return db.connection.findMany({
    where: { workspace },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: MOST_CONNECTIONS,
  });
}

/** Of all workspaces, those that are being read. */
export async function listReading(db: Db = prisma): Promise<ConnectionKey[]> {
  return db.connection.findMany({
    where: { state: { in: ["backfilling", "live"] } },
    select: { workspace: true, id: true },
  });
}

/** Of all workspaces. */
export async function listKeys(db: Db = prisma): Promise<ConnectionKey[]> {
  return db.connection.findMany({ select: { workspace: true, id: true } });
}

export async function countConnections(workspace: string, db: Db = prisma): Promise<number> {
  return db.connection.count({ where: { workspace } });
}

export async function saveConnection(db: Db, row: NewConnectionRow): Promise<ConnectionRow> {
  return db.connection.create({ data: row });
}

/** Null when it is not there any more. */
export async function updateConnection(
  db: Db,
  key: ConnectionKey,
  changes: ConnectionChanges,
): Promise<ConnectionRow | null> {
  const [row] = await db.connection.updateManyAndReturn({ where: key, data: changes });
  return row ?? null;
}

/** A kind of work on it is due at once, as when what had kept it from succeeding is changed. */
export async function makeDue(db: Db, key: ConnectionKey, kind: string): Promise<void> {
  await db.syncWork.deleteMany({
    where: { workspace: key.workspace, connectionId: key.id, kind },
  });
}

/** With its keys, what was told of its webhooks and what the sync knows; its sessions stay. False when there is none. */
export async function deleteConnection(db: Db, key: ConnectionKey): Promise<boolean> {
  const { count } = await db.connection.deleteMany({ where: key });
  const of = { workspace: key.workspace, connectionId: key.id };
  await db.webhookDelivery.deleteMany({ where: of });
  await db.webhookFailure.deleteMany({ where: of });
  await db.syncSession.deleteMany({ where: of });
  await db.syncWork.deleteMany({ where: of });
  await db.syncTail.deleteMany({ where: of });
  await db.readBudget.deleteMany({ where: of });
  await db.readCount.deleteMany({ where: of });
  await db.syncMinute.deleteMany({ where: of });
  await db.billedReport.deleteMany({ where: of });
  await db.connectionWarning.deleteMany({ where: of });
  return count > 0;
}
