import { PRICE_BOOK } from "@/lib/costs/prices";
import { readBookNamed } from "@/lib/costs/prices-store";
import type { PriceBook } from "@/lib/costs/schema";
import { type Db, prisma } from "@/lib/db/client";
import { readCells } from "@/lib/metrics/cell-store";
import { settledCells } from "@/lib/metrics/cells";
import { verifyRollups } from "@/lib/metrics/rollup-service";
import type { Cell } from "@/lib/metrics/schema";
import { microsFromIso } from "@/lib/time/micros";
import { canonicalJson } from "./canonical";
import { toldOf, wholeOf } from "./contributions";
import { readEvents } from "./event-store";
import { applyThread, foldAll } from "./fold";
import { openCallsOf } from "./outcome";
import type { Origin } from "./schema";
import { readSessionSpans } from "./span-store";
import type { SessionFacts } from "./state";
import { readSessionKeys, readStoredSession, type StoredSession } from "./store";
import { summarize } from "./summary";
import { readAllThreads } from "./thread-store";
import { newThreadRecord, threadPricing } from "./threads";

/** One difference between what is stored and what the events give. */
export type Difference = { sessionId: string; what: string; stored: string; derived: string };

export type VerifyProgress = (sessions: number, events: number) => void;

const PAGE = 100;

/**
 * Derives every session of a workspace again from its stored events and objects and compares spans,
 * totals and cells with what is stored, then the rollups with the sums of the cells. Changes nothing.
 * `onDifference` gets each difference as it is found.
 */
export async function verifyWorkspace(
  workspace: string,
  onDifference: (difference: Difference) => void,
  onProgress: VerifyProgress = () => {},
): Promise<{ sessions: number; events: number }> {
  const count = { sessions: 0, events: 0 };
  let after: { sessionId: string; connectionId: string } | null = null;
  for (;;) {
    const keys: Array<{ sessionId: string; connectionId: string }> = await readSessionKeys(
      prisma,
      workspace,
      after,
      PAGE,
    );
    for (const key of keys) {
      const origin: Origin = { workspace, connectionId: key.connectionId, source: "push" };
      // The session is locked meanwhile, so that a batch arriving now is not taken for a difference.
      count.events += await prisma.$transaction(
        (tx) => verifySession(tx, origin, key.sessionId, onDifference),
        { timeout: 120_000 },
      );
      count.sessions++;
    }
    onProgress(count.sessions, count.events);
    const last = keys.at(-1);
    if (!last || keys.length < PAGE) break;
    after = last;
  }
  await verifyRollups(workspace, ({ place, stored, derived }) =>
    onDifference({ sessionId: "rollups", what: place, stored, derived }),
  );
  return count;
}

async function verifySession(
  db: Db,
  origin: Origin,
  sessionId: string,
  onDifference: (difference: Difference) => void,
): Promise<number> {
  const stored = await readStoredSession(db, origin, sessionId);
  if (!stored?.session.fold) return 0;
  const { fold } = stored.session;
  // A session that names a book nobody knows differs from what the newest gives, in its name at least.
  const named = await readBookNamed(db, origin.workspace, stored.session.priceBook);
  const book = named ?? PRICE_BOOK;
  const derived = await deriveSession(db, origin, { ...stored.session, book }, fold.facts);
  const report = (what: string, was: unknown, is: unknown) => {
    const [before, after] = [canonicalJson(was) ?? "", canonicalJson(is) ?? ""];
    if (before !== after) onDifference({ sessionId, what, stored: before, derived: after });
  };
  const spans = await readSessionSpans(db, origin, stored.session);
  const known = new Map(spans.map((span) => [span.id, span]));
  for (const id of new Set([...known.keys(), ...derived.spans.keys()]))
    report(`span ${id}`, known.get(id) ?? null, derived.spans.get(id) ?? null);
  report("fold", fold.session, derived.session);
  for (const [column, value] of Object.entries(derived.row))
    report(column, comparable(stored.row[column]), comparable(value));
  report("rolled", stored.session.rolled, derived.contribution.rolled);
  const byPlace = (cells: readonly Cell[]) =>
    new Map(cells.map((cell) => [`cell ${cell.minute} ${cell.family} ${cell.key}`, cell]));
  const cells = byPlace(settledCells(await readCells(db, origin, sessionId)));
  const derivedCells = byPlace(derived.contribution.cells);
  for (const place of new Set([...cells.keys(), ...derivedCells.keys()]))
    report(place, cells.get(place) ?? null, derivedCells.get(place) ?? null);
  return derived.events;
}

async function deriveSession(
  db: Db,
  origin: Origin,
  stored: StoredSession & { book: PriceBook },
  facts: SessionFacts,
) {
  const events = await readEvents(db, origin, stored);
  const threads = await readAllThreads(db, origin, stored.sessionId);
  const described = threads.filter((thread) => thread.object !== null);
  const folding = foldAll(
    events,
    described.map((thread) => thread.threadId),
    stored.book,
  );
  const { session, spans } = folding;
  const known = new Map(threads.map((thread) => [thread.threadId, thread]));
  for (const [threadId, thread] of folding.threads) {
    const record = known.get(threadId) ?? newThreadRecord(stored.sessionId, threadId);
    applyThread(session, thread, threadPricing(record), 1);
  }
  const wait = session.life.wait ? spans.get(session.life.wait.id) : undefined;
  const row = summarize({
    fold: session,
    facts,
    object: stored.object,
    source: stored.source,
    book: stored.book,
    openCalls: openCallsOf(wait, spans),
  });
  const told = toldOf({ ...stored, fold: session, facts }, row, threads);
  const contribution = wholeOf(told, null, spans.values());
  return { events: events.length, session, spans, row, contribution };
}

/** Times are one instant however they are written. */
function comparable(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return microsFromIso(value) ?? value;
}
