import { commandOrigin, within } from "@/lib/audit/origin";
import { forgetLost } from "@/lib/auth/forget-service";
import { lostRows } from "@/lib/auth/lost";
import { rotateSecrets } from "@/lib/auth/rotation-service";
import { disconnect, openDirectConnection } from "@/lib/db/client";
import { openDatabase } from "@/lib/db/open";
import type { DirectClient } from "@/lib/db/with-client";
import { StartupError } from "@/lib/env";
import { AppError } from "@/lib/http/errors";

/** A request or a job has stored or opened by then what it has read the key for. */
const PAUSE_MS = 5_000;

/**
 * `npm run rotate-secret`: a new key for stored secrets, while everything runs. With `-- --forget`
 * instead: secrets whose key is lost are cleared.
 */
export default async function rotateSecret(args: string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== "--forget");
  if (unknown !== undefined)
    throw new StartupError(`Unknown option "${unknown}": there is --forget alone.`);
  const work = args.includes("--forget") ? forget : rotate;
  const database = await openDatabase();
  try {
    const db = await openDirectConnection();
    await within(commandOrigin("npm run rotate-secret"), () => work(db)).finally(() => db.end());
  } catch (error) {
    throw error instanceof AppError ? new StartupError(error.message, { cause: error }) : error;
  } finally {
    await disconnect();
    await database.stop();
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function rotate(db: DirectClient): Promise<void> {
  say("Sealing every stored secret anew …");
  const { keyId, secrets, leftovers } = await rotateSecrets(db, { pauseMs: PAUSE_MS });
  say(`${secrets} stored secrets open with the new key (${keyId}); the one before opens nothing.`);
  if (leftovers.variable)
    say("Take WATCHKEEPER_SECRET_PREVIOUS away at the next restart of web and worker.");
  if (leftovers.file)
    say('The file "secret" in the folder WATCHKEEPER_DATA is not needed any more: delete it.');
}

async function forget(db: DirectClient): Promise<void> {
  const lost = await forgetLost(db);
  if (lost.length === 0) say("Every stored secret can be opened: nothing was cleared.");
  else say(`Cleared. To be entered again:\n${lostRows(lost).join("\n")}`);
}
