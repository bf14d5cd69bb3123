import { isDeepStrictEqual } from "node:util";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { readBookNamed } from "@/lib/costs/prices-store";
import type { PriceBook } from "@/lib/costs/schema";
import { type Db, prisma } from "@/lib/db/client";
import { readCellsOf } from "@/lib/metrics/cell-store";
import { settledCells } from "@/lib/metrics/cells";
import { listPromotions } from "@/lib/metrics/promoted-store";
import { verifyRollups } from "@/lib/metrics/rollup-service";
import type { Cell, Promotion, Rolled } from "@/lib/metrics/schema";
import { microsFromIso } from "@/lib/time/micros";
import { canonicalJson } from "./canonical";
import { toldOf, wholeOf } from "./contributions";
import { readEventsOf } from "./event-store";
import { applyThread, foldAll } from "./fold";
import { openCallsOf } from "./outcome";
import type { EventRecord, Origin } from "./schema";
import { comparedSealed } from "./sealed";
import type { SessionFacts } from "./state";
import { readSessionKeys, readStoredSessions, type StoredWhole } from "./store";
import { summarize } from "./summary";
import { newThreadRecord, threadPricing } from "./threads";

/** One difference between what is stored and what the events give. */
export type Difference = { sessionId: string; what: string; stored: string; derived: string };

type SessionName = { sessionId: string; connectionId: string; events: number };

export type VerifyProgress = (sessions: number, events: number) => void;

const PAGE = 200;
/** What is read and locked at once: so many sessions, and not many more events than this. */
const BATCH = { sessions: 25, events: 2_000 };
/** Batches at work at once, so that this process and the database do not wait for each other. */
const AT_ONCE = 4;

/**
 * Derives every session of a workspace again from its stored events and objects and compares spans,
 * totals and cells with what is stored, then the rollups with the sums of the cells. Changes nothing.
 * `onDifference` gets each difference as it is found. Of a session whose events retention has dropped,
 * what can still be proved is: see `comparedSealed`.
 */
export async function verifyWorkspace(
  workspace: string,
  onDifference: (difference: Difference) => void,
  onProgress: VerifyProgress = () => {},
): Promise<{ sessions: number; events: number }> {
  const count = { sessions: 0, events: 0 };
  // Beside the sessions: there it is mostly the database that works, here mostly this process.
  const rollups = verifyRollups(workspace, ({ place, stored, derived }) =>
    onDifference({ sessionId: "rollups", what: place, stored, derived }),
  );
  rollups.catch(() => {});
  let after: SessionName | null = null;
  for (;;) {
    const keys: SessionName[] = await readSessionKeys(prisma, workspace, after, PAGE);
    const batches = batchesOf(keys);
    const work = async () => {
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        const ids = batch.map(({ sessionId }) => sessionId);
        const connectionId = batch[0]?.connectionId ?? "";
        const origin: Origin = { workspace, connectionId, source: "push" };
        // The sessions are locked meanwhile, so that a batch arriving now is not taken for a difference.
        const events = await prisma.$transaction(
          (tx) => verifySessions(tx, origin, ids, onDifference),
          { timeout: 120_000, maxWait: 120_000 },
        );
        // Added only now: others have counted while this batch was waited for.
        count.events += events;
        count.sessions += ids.length;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    onProgress(count.sessions, count.events);
    const last = keys.at(-1);
    if (!last || keys.length < PAGE) break;
    after = last;
  }
  await rollups;
  return count;
}

/** Sessions that are read together: of one connection, and not too large. */
function batchesOf(keys: readonly SessionName[]): SessionName[][] {
  const batches: SessionName[][] = [];
  let events = 0;
  for (const key of keys) {
    const batch = batches.at(-1);
    const fits =
      batch?.[0]?.connectionId === key.connectionId &&
      batch.length < BATCH.sessions &&
      events + key.events <= BATCH.events;
    if (fits) batch.push(key);
    else batches.push([key]);
    events = fits ? events + key.events : key.events;
  }
  return batches;
}

async function verifySessions(
  db: Db,
  origin: Origin,
  ids: readonly string[],
  onDifference: (difference: Difference) => void,
): Promise<number> {
  const stored = await readStoredSessions(db, origin, ids);
  const events = await readEventsOf(
    db,
    origin,
    stored.map(({ session }) => session),
  );
  const cells = await readCellsOf(db, origin, ids);
  let derived = 0;
  for (const whole of stored) {
    const { sessionId } = whole.session;
    const own = { events: events.get(sessionId) ?? [], cells: cells.get(sessionId) ?? [] };
    derived += await verifySession(db, origin, { ...whole, ...own }, onDifference);
  }
  return derived;
}

type Whole = StoredWhole & { events: EventRecord[]; cells: Cell[] };

async function verifySession(
  db: Db,
  origin: Origin,
  stored: Whole,
  onDifference: (difference: Difference) => void,
): Promise<number> {
  const { session, row } = stored;
  const { fold, sessionId } = session;
  if (!fold) return 0;
  // A session that names a book nobody knows differs from what the newest gives, in its name at least.
  const book = (await readBookNamed(db, origin.workspace, session.priceBook)) ?? PRICE_BOOK;
  const promotions = await promotionsOf(db, origin.workspace, session.rolled);
  const report = (what: string, was: unknown, is: unknown) => {
    // Mostly nothing differs, and that is quicker to see than to write both out.
    if (isDeepStrictEqual(was, is)) return;
    const [before, after] = [canonicalJson(was) ?? "", canonicalJson(is) ?? ""];
    if (before !== after) onDifference({ sessionId, what, stored: before, derived: after });
  };
  const rolled = inForce(session.rolled, promotions);
  if (stored.seal) {
    const { facts, session: state } = fold;
    const told = toldOf({ ...session, book, promotions, fold: state, facts }, row, stored.threads);
    const { seal, spans } = stored;
    const [cells, events] = [settledCells(stored.cells), stored.events.length];
    for (const { what, stored: was, derived: is } of comparedSealed({
      ...{ seal, told, rolled, cells, spans, events },
    }))
      report(what, was, is);
    return events;
  }
  const derived = deriveSession({ ...stored, promotions }, book, fold.facts);
  const known = new Map(stored.spans.map((span) => [span.id, span]));
  for (const id of new Set([...known.keys(), ...derived.spans.keys()]))
    report(`span ${id}`, known.get(id) ?? null, derived.spans.get(id) ?? null);
  report("fold", fold.session, derived.session);
  for (const [column, value] of Object.entries(derived.row))
    report(column, comparable(row[column]), comparable(value));
  report("rolled", rolled, derived.contribution.rolled);
  const byPlace = (cells: readonly Cell[]) =>
    new Map(cells.map((cell) => [`cell ${cell.minute} ${cell.family} ${cell.key}`, cell]));
  const cells = byPlace(settledCells(stored.cells));
  const derivedCells = byPlace(derived.contribution.cells);
  for (const place of new Set([...cells.keys(), ...derivedCells.keys()]))
    report(place, cells.get(place) ?? null, derivedCells.get(place) ?? null);
  return stored.events.length;
}

/** The keys that a session should be counted under: those whose back-fill is done, or has come to it. */
async function promotionsOf(db: Db, workspace: string, rolled: Rolled | null) {
  const promotions = await listPromotions(workspace, db);
  return promotions.filter(
    ({ id, state }) =>
      state === "ready" || (state === "filling" && rolled?.promoted?.[id] !== undefined),
  );
}

/** Without what is promoted no more: a session that is not touched remembers it. */
function inForce(rolled: Rolled | null, promotions: readonly Promotion[]): Rolled | null {
  if (!rolled?.promoted) return rolled;
  const { promoted, ...rest } = rolled;
  const known = Object.entries(promoted).filter(([id]) =>
    promotions.some((promotion) => promotion.id === Number(id)),
  );
  return known.length === 0 ? rest : { ...rest, promoted: Object.fromEntries(known) };
}

type Derivable = Whole & { promotions: readonly Promotion[] };

function deriveSession(whole: Derivable, book: PriceBook, facts: SessionFacts) {
  const { session: stored, events, threads, promotions } = whole;
  const described = threads.filter((thread) => thread.object !== null);
  const folding = foldAll(
    events,
    described.map((thread) => thread.threadId),
    book,
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
    book,
    openCalls: openCallsOf(wait, spans),
  });
  const told = toldOf({ ...stored, book, promotions, fold: session, facts }, row, threads);
  const contribution = wholeOf(told, null, spans.values());
  return { session, spans, row, contribution };
}

/** Times are one instant however they are written. */
function comparable(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return microsFromIso(value) ?? value;
}
