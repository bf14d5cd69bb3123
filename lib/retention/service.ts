import { record } from "@/lib/audit/service";
import { KEPT_WEBHOOK_DAYS } from "@/lib/connections/kept";
import type { RemoveQuery } from "@/lib/connections/schema";
import { removeConnection } from "@/lib/connections/service";
import { type ConnectionKey, listKeys } from "@/lib/connections/store";
import { deleteWebhooks } from "@/lib/connections/webhook-store";
import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import type { SessionName } from "@/lib/ingest/seal-store";
import { deleteUnnamed } from "./config-service";
import { readConfigsOf } from "./config-store";
import { readHoldOf, shareHolds } from "./hold-store";
import type { SessionsOf } from "./schema";
import {
  type Deleted,
  deleteConnectionObjects,
  deleteRemains,
  deleteSessions,
  deleteWithheldBefore,
} from "./store";

/** Sessions a transaction: one of fifty thousand events may be among them. */
const BATCH = 100;

/**
 * Removes these sessions, also those that come while it runs, and tells after each batch how many are
 * gone. Stopped in the middle it can simply be begun again.
 */
export async function removeSessions(
  of: SessionsOf,
  progress: (done: number) => Promise<void> | void = () => {},
): Promise<number> {
  let done = 0;
  let after = "";
  for (;;) {
    const batch = await prisma.$transaction((tx) => removeSome(tx, of, after), {
      timeout: 120_000,
    });
    if (batch.count === 0 && after === "") break;
    after = batch.count === 0 ? "" : batch.last;
    done += batch.count;
    if (batch.count > 0) await progress(done);
  }
  if (!("sessionId" in of && of.sessionId !== undefined))
    await prisma.$transaction((tx) => deleteRemains(tx, of.workspace, of));
  return done;
}

/** One that goes by itself is in the audit log; of many, whoever asked for it says how many they were. */
async function removeSome(tx: Db, of: SessionsOf, after: string): Promise<Deleted> {
  const one = oneOf(of);
  const configs = one ? await readConfigsOf(tx, of.workspace, [one]) : [];
  const batch = await deleteSessions(tx, of, { after, limit: BATCH });
  if (one && batch.count > 0) {
    await deleteUnnamed(tx, of.workspace, configs);
    await record(tx, of.workspace, { action: "session.deleted", target: { id: one.sessionId } });
  }
  return batch;
}

function oneOf(of: SessionsOf): SessionName | null {
  if ("source" in of || of.sessionId === undefined) return null;
  return { sessionId: of.sessionId, connectionId: of.connectionId };
}

/**
 * A connection goes; with `data=purge` its data too, in the background. Throws `not_found`, and `conflict`
 * where that is asked for and anything of it is held: its data alone could not be asked for again.
 */
export const removeUnheld = (key: ConnectionKey, query: RemoveQuery): Promise<void> =>
  removeConnection(key, query, async (tx) => {
    await shareHolds(tx, key.workspace);
    const hold = await readHoldOf({ workspace: key.workspace, connectionId: key.id }, tx);
    if (hold)
      throw new AppError(
        "conflict",
        `Some of its data is held (${hold.id}: ${hold.reason}): lift the hold first, or remove the connection and keep its data.`,
      );
  });

/**
 * Removes everything that came by a connection, but what is held by now. The job of a removal with
 * `data=purge`.
 */
export async function purgeConnection(of: {
  workspace: string;
  connectionId: string;
}): Promise<number> {
  const done = await removeSessions(of);
  await prisma.$transaction(async (tx) => {
    const hold = await deleteConnectionObjects(tx, of);
    const after = hold ? { after: { held: hold.id } } : {};
    const deed = { target: { id: of.connectionId }, before: { sessions: done }, ...after };
    await record(tx, of.workspace, { action: "connection.purged", ...deed });
  }, PATIENT);
  return done;
}

const DAY_MS = 86_400_000;
const WEBHOOKS_AT_ONCE = 5_000;

/** By the clock: forgets which webhooks came, and which were refused, when that is long ago. */
export async function forgetWebhooks(now: Date, atOnce = WEBHOOKS_AT_ONCE): Promise<number> {
  const before = new Date(now.getTime() - KEPT_WEBHOOK_DAYS * DAY_MS);
  let done = 0;
  for (const { workspace, id: connectionId } of await listKeys()) {
    let gone: number;
    do {
      gone = await deleteWebhooks({ workspace, connectionId }, { before, limit: atOnce });
      done += gone;
    } while (gone > 0);
  }
  return done;
}

const WITHHELD_DAYS = 7;
const WITHHELD_AT_ONCE = 1_000;

/** By the clock: results whose call has not come for a week stay without what they said. Held ones wait on. */
export async function forgetWithheld(now: Date): Promise<number> {
  const before = new Date(now.getTime() - WITHHELD_DAYS * DAY_MS);
  for (let done = 0; ; ) {
    const gone = await deleteWithheldBefore(prisma, before, WITHHELD_AT_ONCE);
    done += gone;
    if (gone < WITHHELD_AT_ONCE) return done;
  }
}
