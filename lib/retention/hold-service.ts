import { record } from "@/lib/audit/service";
import { newId } from "@/lib/auth/secrets";
import { PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import type { HoldItem, NewHold } from "./hold-schema";
import { itemOf, liftHold, listHolds, lockHolds, saveHold } from "./hold-store";

/** From its return on nothing that it holds is dropped or erased. */
export async function placeHold(
  workspace: string,
  { subject, reason }: NewHold,
  { by, now = new Date() }: { by: string; now?: Date },
): Promise<HoldItem> {
  const hold = { workspace, id: newId("hold"), reason, placedBy: by, placedAt: now };
  await prisma.$transaction(async (tx) => {
    await lockHolds(tx, workspace);
    await saveHold(tx, hold, subject);
    const deed = { target: { id: hold.id }, after: { subject: subject.by }, reason };
    await record(tx, workspace, { action: "hold.placed", ...deed });
  }, PATIENT);
  const placed = (await listHolds(workspace)).find(({ id }) => id === hold.id);
  if (!placed) throw noSuchHold();
  return placed;
}

/** Throws `not_found` when there is none in force. */
export async function endHold(
  key: { workspace: string; id: string },
  { by, now = new Date() }: { by: string; now?: Date },
): Promise<HoldItem> {
  return prisma.$transaction(async (tx) => {
    const row = await liftHold(tx, key, { liftedBy: by, liftedAt: now });
    if (!row) throw noSuchHold();
    const deed = { target: { id: row.id }, before: { subject: row.kind }, reason: row.reason };
    await record(tx, key.workspace, { action: "hold.lifted", ...deed });
    return itemOf(row, null);
  });
}

const noSuchHold = () => new AppError("not_found", "There is no such hold in force.");

export async function readHolds(workspace: string): Promise<{ data: HoldItem[] }> {
  return { data: await listHolds(workspace) };
}
