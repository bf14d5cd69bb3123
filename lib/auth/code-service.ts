import type { Db } from "@/lib/db/client";
import { seal, unseal } from "./sealing";
import { readCode, waitAfter } from "./second-factor";
import {
  claimBackupCode,
  countBackupCodes,
  lockFactor,
  markFailed,
  markTaken,
  type SecondFactor,
} from "./second-factor-store";
import { sha256 } from "./secrets";
import { stepOf } from "./totp";

/** What came of a code; `by` and `why` are words for the audit log. */
export type Judged =
  | { kind: "taken"; by: string }
  | { kind: "wrong"; why: string }
  | { kind: "wait"; seconds: number }
  | { kind: "none" };

const place = (personId: string) => `person/${personId}/totp_key`;

export const sealKey = (key: Uint8Array, personId: string): Promise<string> =>
  seal(Buffer.from(key).toString("base64url"), place(personId));

/**
 * Judges what somebody typed, one at a time for a person: a code of the app is taken once, a backup
 * code is used up, and wrong ones in a row make whoever types them wait. Within a transaction, which
 * must not be rolled back for a wrong one.
 */
export async function judgeCode(
  db: Db,
  { personId, text, now }: { personId: string; text: string; now: Date },
): Promise<Judged> {
  const factor = await lockFactor(db, personId);
  if (!factor) return { kind: "none" };
  const seconds = secondsToWait(factor, now);
  if (seconds > 0) return { kind: "wait", seconds };
  const { kind, code } = readCode(text);
  const judged =
    kind === "app"
      ? await judgeOfApp(db, factor, { code, now })
      : await judgeBackup(db, personId, { code, now });
  if (judged.kind === "wrong") await markFailed(db, personId, now);
  return judged;
}

function secondsToWait({ failures, failedAt }: SecondFactor, now: Date): number {
  const sinceMs = now.getTime() - (failedAt?.getTime() ?? 0);
  return Math.ceil(waitAfter(failures) - sinceMs / 1000);
}

type Given = { code: string; now: Date };

async function judgeOfApp(
  db: Db,
  { personId, keySealed, lastStep }: SecondFactor,
  { code, now }: Given,
): Promise<Judged> {
  if (keySealed === "") return { kind: "wrong", why: "a code of an app whose key was lost" };
  const key = Buffer.from(await unseal(keySealed, place(personId)), "base64url");
  const step = stepOf(key, code, now.getTime());
  if (step === null) return { kind: "wrong", why: "a wrong code" };
  if (step <= lastStep) return { kind: "wrong", why: "a code that was used before" };
  await markTaken(db, personId, { lastStep: step });
  return { kind: "taken", by: "with a code" };
}

async function judgeBackup(db: Db, personId: string, { code, now }: Given): Promise<Judged> {
  if (!(await claimBackupCode(db, { personId, hash: sha256(code), now })))
    return { kind: "wrong", why: "a wrong backup code" };
  await markTaken(db, personId, {});
  return { kind: "taken", by: `with a backup code, ${await countBackupCodes(personId, db)} left` };
}
