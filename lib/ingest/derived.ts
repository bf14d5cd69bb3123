import type { PriceBook } from "@/lib/costs/schema";
import { settledCells } from "@/lib/metrics/cells";
import type { Cell, Promotion, Rolled } from "@/lib/metrics/schema";
import { microsFromIso } from "@/lib/time/micros";
import { foldOn, isSettled } from "./base";
import { toldOf, wholeOf } from "./contributions";
import { applyThread, foldAll } from "./fold";
import { openCallsOf } from "./outcome";
import type { EventRecord } from "./schema";
import type { Compared } from "./sealed";
import type { SessionFacts } from "./state";
import type { StoredWhole } from "./store";
import { summarize } from "./summary";
import { newThreadRecord, threadPricing } from "./threads";

type Derivable = StoredWhole & {
  events: readonly EventRecord[];
  /** See `foldOn`. */
  answered: ReadonlyMap<string, number>;
  promotions: readonly Promotion[];
};

/** A session as its stored events and objects give it: from its beginning, or from where it goes on. */
export function deriveSession(whole: Derivable, book: PriceBook, facts: SessionFacts) {
  const { session: stored, events, threads, promotions, base, settled, answered } = whole;
  const described = threads.flatMap(({ threadId, object }) => (object === null ? [] : [threadId]));
  const folding = base
    ? foldOn(base, events, described, { book, answered })
    : foldAll(events, described, book);
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
  const contribution = wholeOf(told, null, spans.values(), settled);
  return { session, spans, row, contribution };
}

type Stored = StoredWhole & { cells: readonly Cell[]; rolled: Rolled | null };

/** What is stored of a session beside what it should be. Spans that are settled, or dropped, are left out. */
export function comparedDerived(
  { base, seal, row, session, ...stored }: Stored,
  derived: ReturnType<typeof deriveSession>,
): Compared[] {
  const here = base ? stored.spans.filter((span) => !isSettled(base, span)) : stored.spans;
  const known = new Map(here.map((span) => [span.id, span]));
  const ids = new Set(seal?.spansAt ? [] : [...known.keys(), ...derived.spans.keys()]);
  const [cells, derivedCells] = [settledCells(stored.cells), derived.contribution.cells].map(
    byPlace,
  );
  const places = new Set([...(cells?.keys() ?? []), ...(derivedCells?.keys() ?? [])]);
  return [
    ...[...ids].map((id) => ({
      ...{ what: `span ${id}`, stored: known.get(id) ?? null },
      derived: derived.spans.get(id) ?? null,
    })),
    { what: "fold", stored: session.fold?.session, derived: derived.session },
    ...Object.entries(derived.row).map(([column, value]) => ({
      ...{ what: column, stored: comparable(row[column]), derived: comparable(value) },
    })),
    { what: "rolled", stored: stored.rolled, derived: derived.contribution.rolled },
    ...[...places].map((place) => ({
      ...{ what: place, stored: cells?.get(place) ?? null },
      derived: derivedCells?.get(place) ?? null,
    })),
  ];
}

const byPlace = (cells: readonly Cell[]) =>
  new Map(cells.map((cell) => [`cell ${cell.minute} ${cell.family} ${cell.key}`, cell]));

/** Times are one instant however they are written. */
function comparable(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return microsFromIso(value) ?? value;
}
