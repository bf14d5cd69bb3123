import { isDeepStrictEqual } from "node:util";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { readBookNamed } from "@/lib/costs/prices-store";
import { type Db, prisma } from "@/lib/db/client";
import { readCellsOf } from "@/lib/metrics/cell-store";
import { settledCells } from "@/lib/metrics/cells";
import { listPromotions } from "@/lib/metrics/promoted-store";
import { verifyRollups } from "@/lib/metrics/rollup-service";
import type { Cell, Promotion, Rolled } from "@/lib/metrics/schema";
import { SEALED } from "@/lib/sessions/fold-version";
import { canonicalJson } from "./canonical";
import { toldOf } from "./contributions";
import { comparedDerived, deriveSession } from "./derived";
import { readEventsOf } from "./event-store";
import { readAnswered } from "./load-service";
import type { EventRecord, Origin } from "./schema";
import { comparedSealed } from "./sealed";
import { readSessionKeys, readStoredSessions, type StoredWhole } from "./store";

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
 * `onDifference` gets each difference as it is found. A session whose events retention has dropped is
 * derived from what it goes on from; of one that is sealed, see also `comparedSealed`.
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
  const { seal, base } = stored;
  if (seal) {
    const { facts, session: state } = fold;
    const told = toldOf({ ...session, book, promotions, fold: state, facts }, row, stored.threads);
    const [cells, events] = [settledCells(stored.cells), stored.events.length];
    for (const { what, stored: was, derived: is } of comparedSealed({
      ...{ seal, told, rolled, cells, spans: stored.spans, events },
    }))
      report(what, was, is);
  }
  // Without a base nothing derives a sealed one again, nor one that an earlier version of the fold sealed.
  if (!base && (seal || session.foldVersion === SEALED)) return stored.events.length;
  // Rows of a sealed one are on their way out.
  const events = seal ? [] : stored.events;
  const goesOn = base && { untilUs: base.untilUs, queued: base.queued };
  const answered = await readAnswered({ db, origin }, { sessionId, goesOn }, events);
  const derived = deriveSession({ ...stored, events, answered, promotions }, book, fold.facts);
  for (const { what, stored: was, derived: is } of comparedDerived({ ...stored, rolled }, derived))
    report(what, was, is);
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
