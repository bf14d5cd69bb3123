import { setTimeout as sleep } from "node:timers/promises";
import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { type DirectClient, withClient } from "@/lib/db/with-client";
import { env, StartupError } from "@/lib/env";
import { unopenable } from "./forget-service";
import { dropPreviousKeyFile, readKeyFile, readPreviousKeyFile, replaceKeyFile } from "./key-file";
import { lostText } from "./lost";
import { currentKey, knownKeys } from "./master-keys";
import { FIRST_WORKSPACE } from "./schema";
import { claimRotation, listSealed, replaceSealed, retireKeys, reviveKey } from "./sealed-store";
import { sealAnew, wrappingOf } from "./sealing";

export type Rotated = {
  /** Of the key that seals from now on. */
  keyId: string;
  /** How many secrets were sealed anew, and how many there are. */
  changed: number;
  secrets: number;
  /** The previous keys that are still here and open nothing any more. */
  leftovers: { file: boolean; variable: boolean };
};

/** More rounds than this mean that somebody goes on storing what is refused. */
const MOST_ROUNDS = 10;

/**
 * Seals every stored secret with a new master key while everything runs, or goes on with a rotation
 * that was cut off; with WATCHKEEPER_SECRET the new key is what is set. The key before is kept until
 * nothing is sealed with it. `pauseMs`: how long running processes may take from a key they have read
 * to the row they store or open with it.
 * @throws StartupError when another one is at it, something cannot be opened, or there is no new key
 */
export async function rotateSecrets(
  db: DirectClient,
  { pauseMs }: { pauseMs: number },
): Promise<Rotated> {
  if (!(await claimRotation(db)))
    throw new StartupError("Another rotation is at work. Wait until it is done.");
  const lost = await unopenable(db);
  if (lost.length > 0) throw new StartupError(lostText(lost));
  await bringNewKey(db);
  const { id: keyId } = await currentKey();
  await reviveKey(db, keyId);
  let changed = await sealAll(db, keyId);
  await sleep(pauseMs);
  changed += await sealAll(db, keyId);
  const others = await otherKeyIds(keyId);
  await retireKeys(db, others);
  changed += await sealAll(db, keyId);
  await sleep(pauseMs);
  if (env.WATCHKEEPER_SECRET === undefined) await dropPreviousKeyFile();
  const secrets = (await listSealed(db)).length;
  await record(prisma, FIRST_WORKSPACE, {
    ...{ action: "secret.rotated", target: { id: keyId, name: `key ${keyId}` } },
    after: { sealed_anew: changed, stored: secrets },
  });
  return { keyId, changed, secrets, leftovers: await leftovers() };
}

/** Unless an earlier rotation is still to be brought to its end, to which the present key belongs. */
async function bringNewKey(db: DirectClient): Promise<void> {
  const { id } = await currentKey();
  const others = await otherKeyIds(id);
  const isBehind = (await listSealed(db)).some(({ sealed }) => wrappingOf(sealed)?.keyId !== id);
  if (env.WATCHKEEPER_SECRET !== undefined) {
    if (isBehind || others.length > 0) return;
    throw new StartupError(NO_NEW_KEY);
  }
  // A previous file of the same key: cut off before the new one took its place.
  const isUnderWay = (await readPreviousKeyFile()) !== null && others.length > 0;
  if (!isBehind && !isUnderWay) await replaceKeyFile();
}

const otherKeyIds = async (id: string) => [...(await knownKeys()).ids].filter((one) => one !== id);

const NO_NEW_KEY = `There is no new key to seal with. The key is what WATCHKEEPER_SECRET says:
  1. set WATCHKEEPER_SECRET_PREVIOUS to the new one, at least 32 characters, beside WATCHKEEPER_SECRET as it is, and restart web and worker: now all of them can open what either has sealed;
  2. exchange the two, and restart web and worker;
  3. run this again, in the same environment; then take WATCHKEEPER_SECRET_PREVIOUS away.
Where web and worker are one process (npm start), step 2 alone will do.`;

/** At every start: what an earlier version has sealed gets a data key of its own. What cannot be opened stays. */
export async function renewFormat(): Promise<void> {
  await withClient(env.DATABASE_DIRECT_URL ?? env.DATABASE_URL ?? "", async (db) => {
    if (!(await claimRotation(db))) return;
    for (const secret of await listSealed(db)) {
      if (wrappingOf(secret.sealed)?.isPresent !== false) continue;
      const next = await sealAnew(secret.sealed, secret.place).catch(() => null);
      if (next !== null) await replaceSealed(db, secret, next);
    }
  });
}

/** Until nothing is left; what somebody changes meanwhile is looked at once more. */
async function sealAll(db: DirectClient, keyId: string): Promise<number> {
  let changed = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const left = (await listSealed(db)).filter(({ sealed }) => {
      const wrapping = wrappingOf(sealed);
      return wrapping?.keyId !== keyId || !wrapping.isPresent;
    });
    if (left.length === 0) return changed;
    for (const secret of left)
      if (await replaceSealed(db, secret, await sealAnew(secret.sealed, secret.place))) changed++;
  }
  throw new StartupError(
    "Secrets go on being stored with the key before: restart web and worker with the new WATCHKEEPER_SECRET, and run this again. Nothing is lost.",
  );
}

const leftovers = async (): Promise<Rotated["leftovers"]> => ({
  file: env.WATCHKEEPER_SECRET !== undefined && (await readKeyFile()) !== null,
  variable: env.WATCHKEEPER_SECRET_PREVIOUS !== undefined,
});
