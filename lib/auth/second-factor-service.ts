import { randomBytes } from "node:crypto";
import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { judgeCode, sealKey } from "./code-service";
import { browserHash, confirmPassword, findPerson, personOf } from "./people-service";
import { deleteBrowsers, lockPerson } from "./people-store";
import type { Caller } from "./schema";
import { inFours, isRequiredOf, readCode } from "./second-factor";
import type {
  BackupCodes,
  CodeProof,
  NewSecondFactor,
  PasswordProof,
  SignInSettings,
} from "./second-factor-schema";
import {
  deleteFactor,
  markConfirmed,
  readFactor,
  readSignInSettings,
  saveBackupCodes,
  saveDraft,
  saveSignInSettings,
} from "./second-factor-store";
import { sha256 } from "./secrets";
import { base32, totpUri } from "./totp";

/** As long as the hash that is made of it (RFC 4226, 4). */
const KEY_BYTES = 20;
const BACKUP_CODES = 10;
/** 80 random bits, so that a plain SHA-256 of them cannot be searched for. */
const BACKUP_BYTES = 10;

/** A key for the app. It counts for nothing until a code has shown that the app has it. */
export async function beginSecondFactor(
  caller: Caller,
  { password }: PasswordProof,
  headers: Headers,
  now = new Date(),
): Promise<NewSecondFactor> {
  const { id, email } = personOf(caller);
  await confirmPassword(caller, password, { headers, field: "password" });
  const key = randomBytes(KEY_BYTES);
  const draft = { personId: id, keySealed: await sealKey(key, id), createdAt: now };
  if (!(await saveDraft(draft)))
    throw new AppError("conflict", "You have a second factor; switch it off to set up another.");
  return { key: base32(key), uri: totpUri(key, email) };
}

/** It counts from here on, and every other browser of the person is signed out. */
export async function confirmSecondFactor(
  caller: Caller,
  { code }: CodeProof,
  headers: Headers,
  now = new Date(),
): Promise<BackupCodes> {
  const { id, email } = personOf(caller);
  if (await readFactor(id)) throw new AppError("conflict", "It is switched on already.");
  if (readCode(code).kind !== "app") throw wrongCode();
  const codes = newBackupCodes();
  const judged = await prisma.$transaction(async (tx) => {
    await lockPerson(tx, id, "update");
    const result = await judgeCode(tx, { personId: id, text: code, now });
    if (result.kind !== "taken") return result;
    await markConfirmed(tx, id, now);
    await saveBackupCodes(tx, id, codes.map(hashOf));
    await deleteBrowsers(tx, { personId: id, keep: browserHash(headers.get("cookie")) });
    const target = { id, name: email };
    await record(tx, caller.workspace, { action: "access.second_factor_on", target });
    return result;
  });
  switch (judged.kind) {
    case "taken":
      return { backup_codes: codes };
    case "none":
      throw new AppError("conflict", "There is no key to confirm; begin again.");
    case "wait":
      throw tooMany(judged.seconds);
    case "wrong":
      throw wrongCode();
  }
}

const wrongCode = () => invalidField("code", "this is not what the app shows now");

const tooMany = (retryAfterSeconds: number) =>
  new AppError("rate_limited", "Too many wrong codes; wait a few minutes.", { retryAfterSeconds });

export async function endSecondFactor(
  caller: Caller,
  { password }: PasswordProof,
  headers: Headers,
): Promise<undefined> {
  const { id, email } = personOf(caller);
  await confirmPassword(caller, password, { headers, field: "password" });
  await prisma.$transaction(async (tx) => {
    if (!(await deleteFactor(tx, id))) throw noneYet();
    const target = { id, name: email };
    await record(tx, caller.workspace, { action: "access.second_factor_off", target });
  });
  return undefined;
}

/** Those from before are good for nothing from here on. */
export async function renewBackupCodes(
  caller: Caller,
  { password }: PasswordProof,
  headers: Headers,
): Promise<BackupCodes> {
  const { id, email } = personOf(caller);
  await confirmPassword(caller, password, { headers, field: "password" });
  if (!(await readFactor(id))) throw noneYet();
  const codes = newBackupCodes();
  await prisma.$transaction(async (tx) => {
    await saveBackupCodes(tx, id, codes.map(hashOf));
    const target = { id, name: email };
    await record(tx, caller.workspace, { action: "access.backup_codes_made", target });
  });
  return { backup_codes: codes };
}

const noneYet = () => new AppError("conflict", "You have no second factor.");

const newBackupCodes = () =>
  Array.from({ length: BACKUP_CODES }, () =>
    inFours(base32(randomBytes(BACKUP_BYTES)).toLowerCase(), "-"),
  );

const hashOf = (code: string) => sha256(readCode(code).code);

/** For somebody who has lost both app and backup codes: the password alone lets in again. */
export async function resetSecondFactor({ workspace }: Caller, id: string): Promise<undefined> {
  const { email } = await findPerson({ workspace, id });
  await prisma.$transaction(async (tx) => {
    if (!(await deleteFactor(tx, id)))
      throw new AppError("conflict", `${email} has no second factor.`);
    const target = { id, name: email };
    await record(tx, workspace, { action: "person.second_factor_reset", target });
  });
  return undefined;
}

/** Whoever asks it of others has one: nobody is thrown out of this page by saving it. */
export async function changeSignInSettings(
  caller: Caller,
  wanted: SignInSettings,
): Promise<SignInSettings> {
  const { workspace, person } = caller;
  const isOfCaller = isRequiredOf("admin", wanted.second_factor);
  if (person && isOfCaller && !(await readFactor(person.id)))
    throw new AppError("conflict", "Set up your own second factor first, under Your account.");
  const before = await readSignInSettings(workspace);
  await prisma.$transaction(async (tx) => {
    await saveSignInSettings(tx, workspace, wanted);
    await record(tx, workspace, { action: "access.settings_changed", before, after: wanted });
  });
  return wanted;
}
