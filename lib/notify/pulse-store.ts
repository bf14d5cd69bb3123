import { z } from "zod";
import { type Db, prisma } from "@/lib/db/client";

const KEY = "notify_pulse";

const Stored = z.object({
  sealed: z.string(),
  shown: z.string(),
  calledAt: z.string().nullable(),
  ok: z.boolean().nullable(),
  text: z.string().nullable(),
});
/** The address, sealed, and what came of the last call. */
export type StoredPulse = z.infer<typeof Stored>;

const at = (workspace: string) => ({ workspace_key: { workspace, key: KEY } });

export async function readPulse(workspace: string, db: Db = prisma): Promise<StoredPulse | null> {
  const row = await db.setting.findUnique({ where: at(workspace) });
  return row && Stored.parse(row.value);
}

/** Null: there is none any more. */
export async function writePulse(
  workspace: string,
  value: StoredPulse | null,
  db: Db = prisma,
): Promise<void> {
  if (value === null) {
    await db.setting.deleteMany({ where: { workspace, key: KEY } });
    return;
  }
  const create = { workspace, key: KEY, value };
  await db.setting.upsert({ where: at(workspace), create, update: { value } });
}

/** Those not called since an instant, each taken by one worker. */
export async function claimPulses(
  { before, now }: { before: Date; now: Date },
  db: Db = prisma,
): Promise<{ workspace: string; sealed: string }[]> {
  return db.$queryRaw`
    update setting set value = value || jsonb_build_object('calledAt', ${now.toISOString()}::text)
    where key = ${KEY} and coalesce((value ->> 'calledAt')::timestamptz, '-infinity') <= ${before}
    returning workspace, value ->> 'sealed' as sealed`;
}

/** What came of a call, unless the address has changed meanwhile. */
export async function markPulse(
  { workspace, sealed }: { workspace: string; sealed: string },
  { ok, text }: { ok: boolean; text: string },
  db: Db = prisma,
): Promise<void> {
  await db.$executeRaw`
    update setting set value = value || jsonb_build_object('ok', ${ok}::boolean, 'text', ${text}::text)
    where workspace = ${workspace} and key = ${KEY} and value ->> 'sealed' = ${sealed}`;
}
