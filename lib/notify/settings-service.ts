import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { reconsider } from "./notice-store";
import type { NotifySettings } from "./settings-schema";
import { readSettings, writeSettings } from "./settings-store";

export async function saveSettings(
  workspace: string,
  settings: NotifySettings,
  now = new Date(),
): Promise<NotifySettings> {
  await prisma.$transaction(async (tx) => {
    const before = await readSettings(workspace, tx);
    await writeSettings(tx, workspace, settings);
    await record(tx, workspace, { action: "notify_settings.changed", before, after: settings });
    await reconsider(tx, workspace, now);
  });
  return settings;
}
