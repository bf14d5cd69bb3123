import { addHistogram, addObservations, addPacked, type Histogram } from "./histogram";
import { DIMENSIONS, type Dimensions, type Family, isOwn, MEASURES, type Promoted } from "./schema";

/**
 * What rollups are kept of: by minute and by hour with all dimensions, by hour and agent alone, and in
 * total: by agent, and with all dimensions where it is asked how it stands and not how much came. Of a
 * promoted key by agent and value: by minute and by hour, and in total how it stands.
 */
export type Grain = "minute" | "hour" | "agent_hour" | "total";

/** How long minutes are kept; hours are kept for ever. */
export const MINUTE_DAYS = 35;

/** A difference, or a session's cell with its dimensions. Measures in the order of `MEASURES`. */
export type Delta = {
  workspace: string;
  minute: number;
  family: Family;
  key: string;
  dimensions: Dimensions;
  promoted: Promoted | null;
  measures: number[];
  observations: number[];
};

/** Of which sessions a sum is: of all (`WHOLE`), or of those with one value of a promoted key. */
export type Part = {
  promotion: number;
  value: string;
  /** Values that have no sums of their own on that day; `value` is '' then. */
  folded: boolean;
};
export const WHOLE: Part = { promotion: 0, value: "", folded: false };

/** One row of a rollup. `minute` is the first of its bucket. */
export type Sum = {
  workspace: string;
  grain: Grain;
  minute: number;
  family: Family;
  key: string;
  dimensions: Dimensions;
  part: Part;
  measures: number[];
  histogram: Histogram;
};

/** Sums by their key in the rollups. */
export type Sums = Map<string, Sum>;

const sumKey = ({ workspace, grain, minute, family, key, dimensions, part }: Place): string =>
  JSON.stringify([
    workspace,
    grain,
    family,
    minute,
    ...DIMENSIONS.map((name) => dimensions[name]),
    key,
    ...(part.promotion === 0 ? [] : [part.promotion, part.folded ? null : part.value]),
  ]);
type Place = Omit<Sum, "measures" | "histogram">;

/** Where totals stand; no bucket of a time begins before the epoch. */
export const TOTAL_MINUTE = -1;
/** After every minute there can be. */
export const NEVER = 2_147_483_647;

const HOUR = 60;
const hourOf = (minute: number) => Math.floor(minute / HOUR) * HOUR;
export const agentAlone = (agent: string): Dimensions => ({
  agent,
  agent_version: "",
  environment: "",
  deployment: "",
  source: "",
});

/** Whether it tells how many there are and not how many came. */
export const isLevel = (family: Family): boolean => LEVELS.includes(family);
export const LEVELS: readonly Family[] = ["running", "waiting"];

/** Adds a difference to every rollup it belongs to; minutes before `firstMinute` are kept no more. */
export function addDelta(
  into: Sums,
  delta: Delta,
  { firstMinute, promotions }: { firstMinute: number; promotions: ReadonlySet<number> },
): void {
  addWhole(into, delta, firstMinute);
  addPromoted(into, delta, { firstMinute, promotions });
}

/** The same for the rollups of promoted keys alone; values are told apart however many there are. */
export function addPromoted(
  into: Sums,
  delta: Delta,
  { firstMinute, promotions }: { firstMinute: number; promotions: ReadonlySet<number> },
): void {
  const { workspace, minute, family, key } = delta;
  const dimensions = agentAlone(delta.dimensions.agent);
  for (const [id, value] of Object.entries(delta.promoted ?? {})) {
    const promotion = Number(id);
    if (!promotions.has(promotion)) continue;
    const part = { promotion, value: value ?? "", folded: value === null };
    const place = { workspace, family, key, dimensions, part };
    if (minute >= firstMinute) addTo(into, { ...place, grain: "minute", minute }, delta);
    addTo(into, { ...place, grain: "hour", minute: hourOf(minute) }, delta);
    if (isLevel(family)) addTo(into, { ...place, grain: "total", minute: TOTAL_MINUTE }, delta);
  }
}

function addWhole(into: Sums, delta: Delta, firstMinute: number): void {
  const { workspace, minute, family, key, dimensions } = delta;
  const hour = hourOf(minute);
  const place = { workspace, family, key, part: WHOLE };
  if (minute >= firstMinute) addTo(into, { ...place, grain: "minute", minute, dimensions }, delta);
  addTo(into, { ...place, grain: "hour", minute: hour, dimensions }, delta);
  const agent = agentAlone(dimensions.agent);
  addTo(into, { ...place, grain: "agent_hour", minute: hour, dimensions: agent }, delta);
  const inTotal = isLevel(family) || isOwn(family) ? dimensions : agent;
  addTo(into, { ...place, grain: "total", minute: TOTAL_MINUTE, dimensions: inTotal }, delta);
}

function addTo(into: Sums, place: Place, { measures, observations }: Delta): void {
  const sum = sumAt(into, place);
  for (const [index, value] of measures.entries())
    sum.measures[index] = (sum.measures[index] ?? 0) + value;
  addObservations(sum.histogram, observations);
}

function sumAt(into: Sums, place: Place): Sum {
  const id = sumKey(place);
  const known = into.get(id);
  if (known) return known;
  const made = { ...place, measures: MEASURES.map(() => 0), histogram: new Map() };
  into.set(id, made);
  return made;
}

/** Adds a stored row. */
export function addStored(
  into: Sums,
  row: Omit<Sum, "histogram">,
  packed: Uint8Array | null,
): void {
  const sum = sumAt(into, row);
  for (const [index, value] of row.measures.entries())
    sum.measures[index] = (sum.measures[index] ?? 0) + value;
  if (packed) addPacked(sum.histogram, packed);
}

/** Whether nothing is left in it. */
export const isEmpty = ({ measures, histogram }: Sum): boolean =>
  measures.every((value) => value === 0) && histogram.size === 0;

/** Adds all of some sums to others. */
export function addSums(into: Sums, sums: Iterable<Sum>): void {
  for (const { histogram, ...row } of sums) {
    addStored(into, row, null);
    addHistogram(sumAt(into, row).histogram, histogram);
  }
}
