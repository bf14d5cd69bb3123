import { type Db, prisma } from "@/lib/db/client";
import { NotifySettings } from "./settings-schema";

const KEY = "notify";

export async function readSettings(workspace: string, db: Db = prisma): Promise<NotifySettings> {
  const where = { workspace_key: { workspace, key: KEY } };
  const row = await db.setting.findUnique({ where });
  return NotifySettings.parse(row?.value ?? {});
}

export async function writeSettings(
  db: Db,
  workspace: string,
  settings: NotifySettings,
): Promise<void> {
  await db.setting.upsert({
    where: { workspace_key: { workspace, key: KEY } },
    create: { workspace, key: KEY, value: settings },
    update: { value: settings },
  });
}
