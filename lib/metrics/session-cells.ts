import { addCells, addMeasures, addTo, type CellMap, minuteOf } from "./cells";
import { addSpan } from "./contribution";
import type { Cell, Measures, ModelPricing, SpanFacts, SpanPricing } from "./schema";

/** What a session's row says of it, beside what its spans give. Times in microseconds. */
export type SessionFacts = {
  startedUs: number | null;
  settledUs: number | null;
  /** When it was last heard of: what has no time of its own stands here. */
  lastUs: number | null;
  outcome: string;
  failed: boolean;
  durationMs: number | null;
  activeMs: number | null;
  webSearches: number;
  computedNanos: number;
  listNanos: number | null;
  runtimeNanos: number;
  webSearchNanos: number;
  /** Tokens in their buckets, their cost as `nanos`, and those without a price. */
  tokens: Measures;
  model: ModelPricing;
};

/** The instant of what a row tells of the whole session without one. */
export const standsAt = ({
  startedUs,
  settledUs,
  lastUs,
}: Pick<SessionFacts, "startedUs" | "settledUs" | "lastUs">): number | null =>
  settledUs ?? lastUs ?? startedUs;

/** The cells of a session's row. `covered` is what `addCovered` says of its spans' cells. */
export function sessionCells(facts: SessionFacts, covered: Covered): CellMap {
  const cells: CellMap = new Map();
  const { startedUs, settledUs } = facts;
  if (startedUs !== null)
    addTo(cells, { minute: minuteOf(startedUs), family: "started", key: "" }, { count: 1 });
  if (settledUs !== null)
    addTo(
      cells,
      { minute: minuteOf(settledUs), family: "settled", key: facts.outcome },
      {
        count: 1,
        failed: facts.failed ? 1 : 0,
        ms: facts.durationMs ?? 0,
        nanos: facts.computedNanos,
      },
    );
  const us = standsAt(facts);
  if (us === null) return cells;
  const minute = minuteOf(us);
  const tokens: Measures = {};
  addMeasures(tokens, facts.tokens, 1);
  addMeasures(tokens, covered.tokens, -1);
  const runtime: Measures = { ms: facts.activeMs ?? 0, nanos: facts.runtimeNanos };
  addMeasures(runtime, covered.runtime, -1);
  const search = { count: facts.webSearches, nanos: facts.webSearchNanos };
  const parts = [
    { family: "request", key: facts.model.model ?? "", measures: tokens },
    { family: "runtime", key: "", measures: runtime },
    { family: "search", key: "", measures: search },
    { family: "list", key: "", measures: listOf(facts) },
  ] as const;
  for (const { family, key, measures } of parts)
    if (Object.values(measures).some((value) => value !== 0))
      addTo(cells, { minute, family, key }, measures);
  return cells;
}

const listOf = ({ listNanos }: SessionFacts): Measures =>
  listNanos === null ? {} : { count: 1, nanos: listNanos };

/** What spans give of what the row tells for the whole session. */
export type Covered = { tokens: Measures; runtime: Measures };

/** Adds what these cells of spans cover. */
export function addCovered(covered: Covered, cells: Iterable<Cell>): void {
  for (const { family, measures } of cells) {
    if (family === "request") {
      const { count, failed, ms, ...tokens } = measures;
      addMeasures(covered.tokens, tokens, 1);
    } else if (family === "runtime") addMeasures(covered.runtime, measures, 1);
  }
}

/** All cells of a session, from its row, all its spans, and what is left of spans that are gone. */
export function wholeSession(
  spans: Iterable<SpanFacts>,
  facts: SessionFacts,
  pricing: SpanPricing,
  settled: readonly Cell[] = [],
): { cells: CellMap; covered: Covered; own: CellMap } {
  const cells: CellMap = new Map();
  for (const span of spans) addSpan(cells, span, pricing, 1);
  addCells(cells, settled, 1);
  const covered: Covered = { tokens: {}, runtime: {} };
  addCovered(covered, cells.values());
  const own = sessionCells(facts, covered);
  addCells(cells, own.values(), 1);
  return { cells, covered, own };
}
