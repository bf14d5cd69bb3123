import { PRICE_BOOK } from "@/lib/costs/prices";
import { readBookNamed } from "@/lib/costs/prices-store";
import type { Db } from "@/lib/db/client";
import { readCells } from "@/lib/metrics/cell-store";
import { ROLLUP_VERSION } from "@/lib/metrics/schema";
import { FOLD_VERSION } from "@/lib/sessions/fold-version";
import { baseOf, settledPart } from "./base";
import { readHere, readQueued, writeBase } from "./base-store";
import { toldOf } from "./contributions";
import type { Origin } from "./schema";
import { readUnsealed, type SessionName, sealSessions } from "./seal-store";
import type { ThreadFold } from "./state";
import { readStoredSessions, type StoredWhole } from "./store";

/** Sessions whose spans are held in memory at once. */
const AT_ONCE = 10;

/**
 * Seals locked sessions: their events, with `spans` their spans too, are dropped from now on, and the
 * rows themselves are removed later. What a session goes on from, should something come after that, is
 * kept beside its seal.
 */
export async function seal(
  tx: Db,
  workspace: string,
  sessions: readonly SessionName[],
  given: { spans: boolean; now: Date },
): Promise<void> {
  const unsealed = await readUnsealed(tx, workspace, sessions);
  for (const connectionId of new Set(unsealed.map((one) => one.connectionId))) {
    const origin: Origin = { workspace, connectionId, source: "push" };
    const ids = unsealed.flatMap((one) =>
      one.connectionId === connectionId ? [one.sessionId] : [],
    );
    for (let at = 0; at < ids.length; at += AT_ONCE)
      for (const whole of await readStoredSessions(tx, origin, ids.slice(at, at + AT_ONCE)))
        await keepBase(tx, origin, whole);
  }
  await sealSessions(tx, workspace, sessions, given);
}

async function keepBase(tx: Db, origin: Origin, whole: StoredWhole): Promise<void> {
  const { session, row, spans, threads } = whole;
  const { fold, rolled, foldVersion } = session;
  if (!fold || !rolled || foldVersion !== FOLD_VERSION || rolled.version !== ROLLUP_VERSION) return;
  const book = (await readBookNamed(tx, origin.workspace, session.priceBook)) ?? PRICE_BOOK;
  const { session: state, facts } = fold;
  const told = toldOf({ ...session, book, promotions: [], fold: state, facts }, row, threads);
  const before = whole.base?.queued ?? [];
  const came = await readHere(tx, origin, session, before);
  const waiting = before.filter(([thread, id]) => !came.some(([t, i]) => t === thread && i === id));
  const queued = [...waiting, ...(await readQueued(tx, origin, session))];
  const folds = threads.map(({ threadId, fold: { thread } }): [string, ThreadFold] => [
    threadId,
    thread,
  ]);
  const base = baseOf({ fold: state, threads: folds, spans, queued }, book);
  if (base === null) return;
  const cells = settledPart(
    await readCells(tx, origin, session.sessionId),
    rolled,
    base.open,
    told,
  );
  await writeBase(tx, origin, session, { base, cells });
}
