import { z } from "zod";
import { type Db, prisma } from "@/lib/db/client";
import type { SecondFactor } from "@/lib/db/generated/client";
import { REQUIREMENTS, type Requirement } from "./second-factor";
import { SignInSettings } from "./second-factor-schema";

export type { SecondFactor };

const SETTINGS = "sign_in";

/** A key that does not count yet, in the place of an earlier one; false when one counts already. */
export async function saveDraft(
  draft: { personId: string; keySealed: string; createdAt: Date },
  db: Db = prisma,
): Promise<boolean> {
  await db.secondFactor.deleteMany({ where: { personId: draft.personId, confirmedAt: null } });
  const { count } = await db.secondFactor.createMany({ data: [draft], skipDuplicates: true });
  return count > 0;
}

/** Reads it, counting or not, and keeps others from using it until the transaction ends. */
export async function lockFactor(db: Db, personId: string): Promise<SecondFactor | null> {
  await db.$executeRaw`select from second_factor where person_id = ${personId} for update`;
  return db.secondFactor.findUnique({ where: { personId } });
}

/** One that counts. */
export async function readFactor(
  personId: string,
  db: Db = prisma,
): Promise<{ since: Date; backupCodes: number } | null> {
  const [factor, backupCodes] = await Promise.all([
    db.secondFactor.findUnique({ where: { personId } }),
    countBackupCodes(personId, db),
  ]);
  return factor?.confirmedAt ? { since: factor.confirmedAt, backupCodes } : null;
}

/** Which of these people have one that counts. */
export async function listWithFactor(
  personIds: readonly string[],
  db: Db = prisma,
): Promise<Set<string>> {
  const rows = await db.secondFactor.findMany({
    where: { personId: { in: [...personIds] }, confirmedAt: { not: null } },
    select: { personId: true },
  });
  return new Set(rows.map(({ personId }) => personId));
}

export async function markConfirmed(db: Db, personId: string, confirmedAt: Date): Promise<void> {
  await db.secondFactor.update({ where: { personId }, data: { confirmedAt } });
}

/** A code was right: `lastStep` is its step, where it was the app's. */
export async function markTaken(
  db: Db,
  personId: string,
  taken: { lastStep?: number },
): Promise<void> {
  await db.secondFactor.update({
    where: { personId },
    data: { ...taken, failures: 0, failedAt: null },
  });
}

export async function markFailed(db: Db, personId: string, failedAt: Date): Promise<void> {
  await db.secondFactor.update({
    where: { personId },
    data: { failures: { increment: 1 }, failedAt },
  });
}

/** In the place of all earlier ones. */
export async function saveBackupCodes(
  db: Db,
  personId: string,
  hashes: readonly string[],
): Promise<void> {
  await db.backupCode.deleteMany({ where: { personId } });
  await db.backupCode.createMany({ data: hashes.map((hash) => ({ personId, hash })) });
}

/** Uses it up; false for one that is not there, or was used. */
export async function claimBackupCode(
  db: Db,
  { personId, hash, now }: { personId: string; hash: string; now: Date },
): Promise<boolean> {
  const { count } = await db.backupCode.updateMany({
    where: { personId, hash, usedAt: null },
    data: { usedAt: now },
  });
  return count > 0;
}

export async function countBackupCodes(personId: string, db: Db = prisma): Promise<number> {
  return db.backupCode.count({ where: { personId, usedAt: null } });
}

/** With its backup codes and the browsers that wait at it; false when none counted. */
export async function deleteFactor(db: Db, personId: string): Promise<boolean> {
  const factor = await lockFactor(db, personId);
  await db.backupCode.deleteMany({ where: { personId } });
  await db.signInStep.deleteMany({ where: { personId } });
  await db.secondFactor.deleteMany({ where: { personId } });
  return factor?.confirmedAt != null;
}

/** Those whose time is over go, so that they do not pile up. */
export async function saveStep(
  step: { hash: string; personId: string; expiresAt: Date },
  now: Date,
  db: Db = prisma,
): Promise<void> {
  await db.signInStep.deleteMany({ where: { expiresAt: { lte: now } } });
  await db.signInStep.create({ data: step });
}

/** Whose code is waited for. */
export async function readStep(
  hash: string,
  now: Date,
  db: Db = prisma,
): Promise<{ personId: string } | null> {
  return db.signInStep.findFirst({ where: { hash, expiresAt: { gt: now } } });
}

/** Uses it up: of several at once, one gets true. */
export async function claimStep(db: Db, hash: string, now: Date): Promise<boolean> {
  const { count } = await db.signInStep.deleteMany({ where: { hash, expiresAt: { gt: now } } });
  return count > 0;
}

const Standing = z.tuple([
  z.object({ has_one: z.boolean(), required: z.enum(REQUIREMENTS).nullable() }),
]);

/** Asked with every request of a person. */
export async function readStanding(
  { workspace, personId }: { workspace: string; personId: string },
  db: Db = prisma,
): Promise<{ hasOne: boolean; required: Requirement }> {
  const rows = await db.$queryRaw`
    select
      exists (select from second_factor
        where person_id = ${personId} and confirmed_at is not null) as has_one,
      (select value ->> 'second_factor' from setting
        where workspace = ${workspace} and key = ${SETTINGS}) as required`;
  const [{ has_one, required }] = Standing.parse(rows);
  return { hasOne: has_one, required: required ?? "nobody" };
}

export async function readSignInSettings(
  workspace: string,
  db: Db = prisma,
): Promise<SignInSettings> {
  const where = { workspace_key: { workspace, key: SETTINGS } };
  const row = await db.setting.findUnique({ where });
  return SignInSettings.parse(row?.value ?? { second_factor: "nobody" });
}

export async function saveSignInSettings(
  db: Db,
  workspace: string,
  value: SignInSettings,
): Promise<void> {
  await db.setting.upsert({
    where: { workspace_key: { workspace, key: SETTINGS } },
    create: { workspace, key: SETTINGS, value },
    update: { value },
  });
}
