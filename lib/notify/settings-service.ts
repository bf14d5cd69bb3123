import { prisma } from "@/lib/db/client";
import { reconsider } from "./notice-store";
import type { NotifySettings } from "./settings-schema";
import { writeSettings } from "./settings-store";

export async function saveSettings(
  workspace: string,
  settings: NotifySettings,
  now = new Date(),
): Promise<NotifySettings> {
  await prisma.$transaction(async (tx) => {
    await writeSettings(tx, workspace, settings);
    await reconsider(tx, workspace, now);
  });
  return settings;
}
