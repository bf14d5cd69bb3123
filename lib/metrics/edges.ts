import { addCells, type CellMap, type Moment, minuteOf, settledCells } from "./cells";
import type { Row } from "./columns";
import { tellSpan } from "./contribution";
import type { Counted, Counter, SessionLabels } from "./counting";
import type { Term } from "./metric";
import type { Cell, Dimensions, Family, Measures, SpanFacts, SpanPricing } from "./schema";
import { standsAt } from "./session-cells";

const MINUTE_US = 60_000_000;

/** What is stored of a session that has something in a minute. Times in microseconds. */
export type EdgeSession = {
  dimensions: Dimensions;
  labels: SessionLabels;
  startedUs: number | null;
  settledUs: number | null;
  lastUs: number | null;
  pricing: SpanPricing;
};

/** A session's cells in one minute, and at least the spans that gave them. */
export type EdgeFacts = {
  minute: number;
  session: EdgeSession;
  cells: readonly Cell[];
  spans: readonly SpanFacts[];
};

export type EdgeMoment = Moment & Counted;

/** What happened in one minute, by family. */
export type EdgeMinute = ReadonlyMap<Family, readonly EdgeMoment[]>;

/** Kinds of spans that give something to a family; the others have only what a session's row tells. */
const KINDS: { [Name in Family]?: readonly string[] } = {
  turn: ["turn"],
  first_output: ["turn"],
  request: ["model_request", "outcome_evaluation"],
  expired: ["expiry"],
  tool: ["tool"],
  mcp: ["tool"],
  context: ["context"],
  approval: ["approval"],
  error: ["mark"],
  fault: ["mark", "tool"],
  reschedule: ["state"],
  running: ["state"],
  waiting: ["state"],
  runtime: ["state"],
};

export const kindsOf = (families: readonly Family[]): string[] => [
  ...new Set(families.flatMap((family) => KINDS[family] ?? [])),
];

/** The minutes of these facts, taken apart into instants. Families not asked for may be left out. */
export function takeApart(
  facts: readonly EdgeFacts[],
  families: ReadonlySet<Family>,
): Map<number, EdgeMinute> {
  const minutes = new Map<number, Map<Family, EdgeMoment[]>>();
  for (const one of facts) {
    const { dimensions, labels: session } = one.session;
    const minute = minutes.get(one.minute) ?? new Map<Family, EdgeMoment[]>();
    minutes.set(one.minute, minute);
    for (const moment of momentsOf(one, families)) {
      const known = minute.get(moment.family) ?? [];
      minute.set(moment.family, known);
      known.push({ ...moment, dimensions, session });
    }
  }
  return minutes;
}

/**
 * The instants that a session's cells of one minute are made of: together they are exactly the cells.
 * What its spans do not give comes from its row; what neither tells stands at the minute's start.
 */
export function momentsOf(
  { minute, session, cells, spans }: EdgeFacts,
  families: ReadonlySet<Family>,
): Moment[] {
  const moments: Moment[] = [];
  const left: CellMap = new Map();
  addCells(left, cells, 1);
  const within = { fromUs: minute * MINUTE_US, toUs: (minute + 1) * MINUTE_US };
  const tell = (moment: Moment) => {
    const { us, family, key, measures, observations = [] } = moment;
    if (minuteOf(us) !== minute || !families.has(family)) return;
    moments.push(moment);
    addCells(left, [{ minute, family, key, measures, observations: [...observations] }], -1);
  };
  for (const span of spans) tellSpan(tell, span, { pricing: session.pricing, sign: 1, within });
  for (const { family, key, measures, observations } of settledCells(left.values())) {
    const us = family === "started" ? session.startedUs : standsAt(session);
    const at = us !== null && minuteOf(us) === minute ? us : within.fromUs;
    moments.push({ us: at, family, key, measures, observations });
  }
  return moments;
}

/** From an instant to before another, in microseconds. */
export type Stretch = { fromUs: number; toUs: number };

/** What the minute has of this stretch, as rows of one bucket. */
export function rowsWithin(
  minute: EdgeMinute,
  counter: Counter,
  { terms, stretch, bucket }: { terms: readonly Term[]; stretch: Stretch; bucket: number },
): Row[] {
  const rows: Row[] = [];
  for (const family of counter.families)
    for (const moment of minute.get(family) ?? []) {
      const share = shareOf(moment, stretch);
      if (share === null || !counter.fits(moment)) continue;
      const sums = sumsOf(terms, moment, share);
      const observations = moment.observations?.length ? [[...moment.observations]] : [];
      for (const labels of counter.labelsOf(moment))
        rows.push({ bucket, labels, sums, histograms: { packed: [], observations } });
    }
  return rows;
}

/** Of what goes on evenly, up to which parts of it the stretch reaches; null where it has nothing of it. */
type Share = { from: number; to: number };
const ALL: Share = { from: 0, to: 1 };

function shareOf({ us, untilUs }: Moment, { fromUs, toUs }: Stretch): Share | null {
  if (untilUs === undefined) return us >= fromUs && us < toUs ? ALL : null;
  if (untilUs <= fromUs || us >= toUs) return null;
  const part = (at: number) => (Math.min(Math.max(at, us), untilUs) - us) / (untilUs - us);
  return { from: part(fromUs), to: part(toUs) };
}

/** Parts are differences of what came up to an instant, each rounded: however it is cut, they add up to the whole. */
export const partOf = (value: number, { from, to }: Share): number =>
  Math.round(value * to) - Math.round(value * from);

export function sumsOf(
  terms: readonly Term[],
  { family, key, measures }: { family: Family; key: string; measures: Measures },
  share: Share = ALL,
): number[] {
  return terms.map((term) => {
    if (term.family !== family || (term.keys && !term.keys.includes(key))) return 0;
    return partOf(measures[term.measure] ?? 0, share);
  });
}
