import { type Db, prisma } from "@/lib/db/client";
import { DEFAULT_SETTINGS, RetentionSettings } from "./schema";

const KEY = "retention";

export async function readSettings(workspace: string, db: Db = prisma): Promise<RetentionSettings> {
  const row = await db.setting.findUnique({ where: { workspace_key: { workspace, key: KEY } } });
  return row ? RetentionSettings.parse(row.value) : DEFAULT_SETTINGS;
}

/** Makes saves wait for each other until the transaction ends. */
export async function lockSettings(workspace: string, db: Db): Promise<RetentionSettings> {
  await db.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`retention:${workspace}`}, 0))`;
  return readSettings(workspace, db);
}

export async function saveSettings(
  workspace: string,
  value: RetentionSettings,
  db: Db,
): Promise<void> {
  await db.setting.upsert({
    where: { workspace_key: { workspace, key: KEY } },
    create: { workspace, key: KEY, value },
    update: { value },
  });
}

export async function listWorkspaces(db: Db = prisma): Promise<string[]> {
  const rows = await db.workspace.findMany({ select: { id: true }, orderBy: { id: "asc" } });
  return rows.map(({ id }) => id);
}
