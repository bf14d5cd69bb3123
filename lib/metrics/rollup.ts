import { addHistogram, addObservations, addPacked, type Histogram } from "./histogram";
import { type Dimensions, type Family, isOwn, MEASURES, type Promoted } from "./schema";

/**
 * What rollups are kept of: by minute and by hour with all dimensions, by quarter of an hour and by hour
 * of the agent alone, by hour of the agent whatever the key, and in total: by agent, and with all dimensions
 * where it is asked how it stands and not how much came. Of a promoted key by agent and value: by minute and
 * by hour, and in total how it stands.
 */
export type Grain = "minute" | "hour" | "agent_quarter" | "agent_hour" | "keyless_hour" | "total";

/** How long minutes and quarters are kept; hours are kept for ever. */
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

const sumKey = ({ workspace, grain, minute, family, key, dimensions, part }: Place): string => {
  const { agent, agent_version, environment, deployment, source } = dimensions;
  const of = part.promotion === 0 ? "" : `${part.promotion}${part.folded ? "f" : `v${part.value}`}`;
  // No stored text has NUL. By hand: this is what adding up spends its time on.
  return `${workspace}\0${grain}\0${family}\0${minute}\0${agent}\0${agent_version}\0${environment}\0${deployment}\0${source}\0${key}\0${of}`;
};
/** A sum's key for people: a JSON array. */
export const placeText = (id: string): string =>
  JSON.stringify(id.split("\0").map((part, at) => (at === 3 ? Number(part) : part)));

type Place = Omit<Sum, "measures" | "histogram">;

/** Where totals stand; no bucket of a time begins before the epoch. */
export const TOTAL_MINUTE = -1;
/** After every minute there can be. */
export const NEVER = 2_147_483_647;

const HOUR = 60;
export const QUARTER = 15;
const startOf = (minute: number, length: number) => Math.floor(minute / length) * length;
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

/** Grains of which only `MINUTE_DAYS` are kept. */
export const FORGOTTEN: readonly Grain[] = ["minute", "agent_quarter"];

export type Kept = {
  /** Minutes before it are kept no more. */
  firstMinute: number;
  promotions: ReadonlySet<number>;
};

/** What differences come to in every rollup they belong to: each is added once, coarser sums are made of finer ones. */
export function sumUp(deltas: Iterable<Delta>, kept: Kept): Sums {
  const sums: Sums = new Map();
  const minutes: Sums = new Map();
  const hours: Sums = new Map();
  for (const delta of deltas) {
    const { workspace, minute, family, key, dimensions } = delta;
    const place = { workspace, family, key, dimensions, part: WHOLE };
    if (minute >= kept.firstMinute) addTo(minutes, { ...place, grain: "minute", minute }, delta);
    else addTo(hours, { ...place, grain: "hour", minute: startOf(minute, HOUR) }, delta);
    addPromoted(sums, delta, kept);
  }
  const agentHours: Sums = new Map();
  for (const sum of minutes.values()) {
    const dimensions = agentAlone(sum.dimensions.agent);
    const minute = startOf(sum.minute, QUARTER);
    if (!isOwn(sum.family)) addSum(sums, sum, { grain: "agent_quarter", minute, dimensions });
    addSum(hours, sum, { grain: "hour", minute: startOf(sum.minute, HOUR) });
  }
  for (const sum of hours.values()) {
    const dimensions = agentAlone(sum.dimensions.agent);
    addSum(agentHours, sum, { grain: "agent_hour", dimensions });
    if (isInFull(sum)) addSum(sums, sum, { grain: "total", minute: TOTAL_MINUTE });
  }
  for (const sum of agentHours.values()) {
    if (!isOwn(sum.family)) addSum(sums, sum, { grain: "keyless_hour", key: "" });
    if (!isInFull(sum)) addSum(sums, sum, { grain: "total", minute: TOTAL_MINUTE });
  }
  for (const part of [minutes, hours, agentHours]) for (const [id, sum] of part) sums.set(id, sum);
  return sums;
}

/** Whether its totals are kept with all dimensions. */
const isInFull = ({ family }: Sum) => isLevel(family) || isOwn(family);

/** Adds a difference to the rollups of promoted keys alone; values are told apart however many there are. */
export function addPromoted(into: Sums, delta: Delta, { firstMinute, promotions }: Kept): void {
  const { workspace, minute, family, key } = delta;
  const dimensions = agentAlone(delta.dimensions.agent);
  for (const [id, value] of Object.entries(delta.promoted ?? {})) {
    const promotion = Number(id);
    if (!promotions.has(promotion)) continue;
    const part = { promotion, value: value ?? "", folded: value === null };
    const place = { workspace, family, key, dimensions, part };
    if (minute >= firstMinute) addTo(into, { ...place, grain: "minute", minute }, delta);
    addTo(into, { ...place, grain: "hour", minute: startOf(minute, HOUR) }, delta);
    if (isLevel(family)) addTo(into, { ...place, grain: "total", minute: TOTAL_MINUTE }, delta);
  }
}

function addTo(into: Sums, place: Place, { measures, observations }: Delta): void {
  const sum = sumAt(into, place);
  addMeasures(sum, measures);
  addObservations(sum.histogram, observations);
}

/** Adds a sum to one that stands elsewhere. */
function addSum(into: Sums, from: Sum, elsewhere: Partial<Place>): void {
  const { measures, histogram, ...place } = from;
  const sum = sumAt(into, { ...place, ...elsewhere });
  addMeasures(sum, measures);
  addHistogram(sum.histogram, histogram);
}

function addMeasures(sum: Sum, measures: readonly number[]): void {
  for (const [index, value] of measures.entries())
    sum.measures[index] = (sum.measures[index] ?? 0) + value;
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
  addMeasures(sum, row.measures);
  if (packed) addPacked(sum.histogram, packed);
}

/** Whether nothing is left in it. */
export const isEmpty = ({ measures, histogram }: Sum): boolean =>
  measures.every((value) => value === 0) && histogram.size === 0;

/** Adds all of some sums to others. */
export function addSums(into: Sums, sums: Iterable<Sum>): void {
  for (const sum of sums) addSum(into, sum, {});
}
