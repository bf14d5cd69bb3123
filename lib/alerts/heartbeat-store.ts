import { type Db, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import type { HeartbeatItem } from "./episode-schema";

/** Names in a workspace at most, and in one page: a wrong caller must not fill the table. */
const MOST_NAMES = 1_000;

type Row = { name: string; firstAt: Date; lastAt: Date; count: bigint };
const itemOf = ({ name, firstAt, lastAt, count }: Row): HeartbeatItem => ({
  ...{ name, count: Number(count) },
  first_at: firstAt.toISOString(),
  last_at: lastAt.toISOString(),
});

/** One more beat. Throws `conflict` when there are too many names. */
export async function saveBeat(
  workspace: string,
  name: string,
  { now = new Date(), db = prisma as Db } = {},
): Promise<HeartbeatItem> {
  const where = { workspace_name: { workspace, name } };
  const data = { lastAt: now, count: { increment: 1 } };
  const known = await db.heartbeat.findUnique({ where });
  if (known) return itemOf(await db.heartbeat.update({ where, data }));
  if ((await db.heartbeat.count({ where: { workspace } })) >= MOST_NAMES)
    throw new AppError("conflict", `There are ${MOST_NAMES} heartbeats; delete one first.`);
  const create = { workspace, name, firstAt: now, lastAt: now };
  return itemOf(await db.heartbeat.upsert({ where, create, update: data }));
}

export async function listBeats(workspace: string, db: Db = prisma): Promise<HeartbeatItem[]> {
  const rows = await db.heartbeat.findMany({ where: { workspace }, orderBy: { name: "asc" } });
  return rows.map(itemOf);
}

/** Throws `not_found`. */
export async function deleteBeat(workspace: string, name: string, db: Db = prisma): Promise<void> {
  const { count } = await db.heartbeat.deleteMany({ where: { workspace, name } });
  if (count === 0) throw new AppError("not_found", "There is no such heartbeat.");
}
