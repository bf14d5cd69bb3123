import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import type { DirectClient } from "@/lib/db/with-client";
import { StartupError } from "@/lib/env";
import { claimRotation, clearSealed, listSealed, type SealedSecret } from "./sealed-store";
import { unseal } from "./sealing";

/** Those whose key is lost, and those that are damaged: found by opening every one. */
export async function unopenable(db: DirectClient): Promise<SealedSecret[]> {
  const secrets = await listSealed(db);
  const opened = await Promise.allSettled(secrets.map((one) => unseal(one.sealed, one.place)));
  return secrets.filter((_, at) => opened[at]?.status === "rejected");
}

/**
 * Clears what cannot be opened. Connections stop until their key is entered again, channels send
 * nothing. Returns what it was.
 */
export async function forgetLost(db: DirectClient): Promise<SealedSecret[]> {
  if (!(await claimRotation(db)))
    throw new StartupError("A rotation is at work. Wait until it is done.");
  const lost = await unopenable(db);
  for (const secret of lost) await clearSealed(db, secret);
  for (const workspace of new Set(lost.map((secret) => secret.workspace))) {
    const own = lost.filter((secret) => secret.workspace === workspace);
    await record(prisma, workspace, {
      ...{ action: "secret.forgotten", reason: "the key they were encrypted with is lost" },
      after: { cleared: own.map(({ relation, name, what }) => `${relation} ${name}: ${what}`) },
    });
  }
  return lost;
}
