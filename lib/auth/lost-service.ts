import { withClient } from "@/lib/db/with-client";
import { StartupError } from "@/lib/env";
import { AppError } from "@/lib/http/errors";
import { lostText } from "./lost";
import { knownKeys } from "./master-keys";
import { listSealed } from "./sealed-store";
import { wrappingOf } from "./sealing";

/**
 * Before anything starts: whether the keys are here that secrets are stored with.
 * @throws StartupError naming the rows whose key is not
 */
export async function checkSecrets(url: string): Promise<void> {
  const secrets = await withClient(url, listSealed);
  if (secrets.length === 0) return;
  const { ids, problem } = await knownKeys();
  const lost = secrets.filter(({ sealed }) => isLost(sealed, ids));
  if (lost.length === 0) return;
  if (problem instanceof AppError) throw new StartupError(problem.message, { cause: problem });
  const keyIds = new Set(lost.map(({ sealed }) => wrappingOf(sealed)?.keyId ?? ""));
  throw new StartupError(lostText(lost, [...keyIds]));
}

/** One that is damaged is told of where it is used. */
function isLost(sealed: string, known: ReadonlySet<string>): boolean {
  const keyId = wrappingOf(sealed)?.keyId;
  return keyId !== undefined && !known.has(keyId);
}
