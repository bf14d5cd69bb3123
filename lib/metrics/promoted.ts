import { addSums, isEmpty, isLevel, type Part, type Sum, type Sums } from "./rollup";
import { MEASURES, type Promoted, type Promotion } from "./schema";

/** How many values of a promoted key have sums of their own on a day (UTC). */
export const MOST_VALUES = 1_000;
/** A longer value has none: sums are found by it. */
export const MOST_VALUE_BYTES = 256;

const DAY_MINUTES = 1440;
export const dayOf = (minute: number): number => Math.floor(minute / DAY_MINUTES);

/** What a session with this metadata is counted under. */
export function promotedOf(
  metadata: unknown,
  promotions: readonly Promotion[],
): Promoted | undefined {
  if (promotions.length === 0) return undefined;
  const of = (metadata ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    promotions.map(({ id, key }) => [id, nameable(Object.hasOwn(of, key) ? String(of[key]) : "")]),
  );
}

export const nameable = (value: string): string | null =>
  Buffer.byteLength(value) > MOST_VALUE_BYTES ? null : value;

/** The order that decides which values of a day have sums of their own: that of their bytes, as `collate "C"`. */
export const inOrder = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Where a day's values stop having sums of their own; `last` null where only too long ones have none. */
export type Bound = { last: string | null };

/** Whether the bound of its day leaves a value without sums of its own. What has no value is always told. */
export const isFolded = (value: string, bound: Bound | undefined): boolean =>
  value !== "" && bound !== undefined && bound.last !== null && inOrder(value, bound.last) > 0;

export type Kept = {
  /** New among those with sums of their own. */
  added: string[];
  /** Those that had them and must give way. */
  gone: string[];
  bound: Bound | undefined;
};

/**
 * The first `most` values of a day keep sums of their own, by the order of their text alone: whichever
 * came first, the same are kept. `kept` are those that have them, `fresh` what comes to them.
 */
export function keepValues(
  kept: readonly string[],
  fresh: readonly string[],
  bound: Bound | undefined,
  most: number,
): Kept {
  const added = fresh.filter((value) => !isFolded(value, bound));
  const all = [...kept, ...added].sort(inOrder);
  if (all.length <= most) return { added, gone: [], bound };
  const last = all[most - 1] ?? null;
  const moved = { last };
  return {
    added: added.filter((value) => !isFolded(value, moved)),
    gone: kept.filter((value) => isFolded(value, moved)),
    bound: moved,
  };
}

/** Sums under the names that their days' bounds leave them. `boundOf` is asked for a promotion and a day. */
export function foldSums(
  sums: Sums,
  boundOf: (promotion: number, day: number) => Bound | undefined,
): void {
  for (const [id, sum] of [...sums]) {
    const { part } = sum;
    if (!isDaily(sum) || part.folded) continue;
    if (!isFolded(part.value, boundOf(part.promotion, dayOf(sum.minute)))) continue;
    sums.delete(id);
    addSums(sums, [{ ...sum, part: foldedPart(part) }]);
  }
}

export const foldedPart = ({ promotion }: Part): Part => ({ promotion, value: "", folded: true });

/** Of a promoted key and a day; what it stands at in total is of no day. */
export const isDaily = ({ part, grain }: Pick<Sum, "part" | "grain">): boolean =>
  part.promotion !== 0 && grain !== "total";

/** What sums do to a day of a promoted key. */
export type Touched = {
  workspace: string;
  promotion: number;
  day: number;
  /** Values with sums of that day. */
  values: Set<string>;
  /** Of these, those with nothing that grows: nothing may be left of them. */
  shrunk: Set<string>;
  /** Whether there are values too long for sums of their own, and whether these only shrink. */
  hasLong: boolean;
  shrinksLong: boolean;
};

export function touchedDays(sums: Sums): Touched[] {
  const days = new Map<string, Touched & { grown: Set<string | null> }>();
  for (const sum of sums.values()) {
    if (!isDaily(sum) || sum.grain !== "hour") continue;
    const { workspace, part } = sum;
    const day = dayOf(sum.minute);
    const id = JSON.stringify([workspace, part.promotion, day]);
    const known = days.get(id) ?? {
      ...{ workspace, promotion: part.promotion, day, hasLong: false, shrinksLong: false },
      ...{ values: new Set(), shrunk: new Set(), grown: new Set() },
    };
    days.set(id, known);
    if (part.folded) known.hasLong = true;
    else if (part.value !== "") known.values.add(part.value);
    if (grows(sum)) known.grown.add(part.folded ? null : part.value);
  }
  return [...days.values()].map(({ grown, ...day }) => ({
    ...day,
    shrinksLong: day.hasLong && !grown.has(null),
    shrunk: new Set([...day.values].filter((value) => !grown.has(value))),
  }));
}

/**
 * How many there are goes up and down by itself, and what a row tells beside its spans may be below zero;
 * what is counted only shrinks when something is taken back.
 */
const grows = ({ family, measures }: Sum): boolean =>
  !isLevel(family) && (measures[COUNT] ?? 0) > 0;
const COUNT = MEASURES.indexOf("count");

/** Which values of a day should have sums of their own, by all sums there are of that day. */
export function keptOf(
  sums: Sums,
  promotion: number,
  most: number,
): { kept: string[]; bound: Bound | undefined } {
  const present = new Set<string>();
  let hasLong = false;
  for (const sum of sums.values()) {
    const { part, grain } = sum;
    if (part.promotion !== promotion || grain !== "hour" || isEmpty(sum)) continue;
    if (part.folded) hasLong = true;
    else if (part.value !== "") present.add(part.value);
  }
  const { added, bound } = keepValues([], [...present], hasLong ? { last: null } : undefined, most);
  return { kept: added, bound };
}

export const boundsText = ({
  kept,
  bound,
}: {
  kept: readonly string[];
  bound: Bound | undefined;
}) => JSON.stringify([[...kept].sort(inOrder), bound ? bound.last : "all"]);
