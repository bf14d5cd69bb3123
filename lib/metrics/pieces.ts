import { type Asked, metadataKeys } from "./asked";
import { termsOf } from "./metric";
import { type Grain, NEVER, QUARTER, TOTAL_MINUTE } from "./rollup";
import { DIMENSIONS, FAMILIES, isOwn } from "./schema";
import { familiesIn } from "./told";

/** A stretch of minutes that is read of one grain. */
export type Piece = { grain: Grain; from: number; to: number };

/** How long a grain's buckets are. */
type Cut = { grain: Grain; minutes: number };

const HOUR = 60;
const MINUTES: Cut = { grain: "minute", minutes: 1 };
const FINE: readonly Cut[] = [MINUTES, { grain: "hour", minutes: HOUR }];
const BY_AGENT: readonly Cut[] = [
  MINUTES,
  { grain: "agent_quarter", minutes: QUARTER },
  { grain: "agent_hour", minutes: HOUR },
];
const KEYLESS: readonly Cut[] = [
  MINUTES,
  { grain: "agent_quarter", minutes: QUARTER },
  { grain: "keyless_hour", minutes: HOUR },
];

/** Of what is in no session only minutes and hours are kept. */
const OWN: readonly Cut[] = [MINUTES, { grain: "agent_hour", minutes: HOUR }];

/** What a question tells apart, as far as rollups are chosen by it. */
export type Distinction = {
  /** Whether it names a dimension beside the agent. */
  isFine: boolean;
  /** Whether it tells keys apart. */
  isKeyed: boolean;
  isOwn: boolean;
};

/** The grains that tell it, the finest first. */
export function cutsOf({ isFine, isKeyed, isOwn }: Distinction): readonly Cut[] {
  if (isFine) return FINE;
  if (isOwn) return OWN;
  return isKeyed ? BY_AGENT : KEYLESS;
}

/** A range in the longest buckets that fit into it whole; what is left at its ends in shorter ones. */
export function cut(cuts: readonly Cut[], from: number, to: number): Piece[] {
  const longest = cuts.at(-1);
  if (!longest || to <= from) return [];
  const { grain, minutes } = longest;
  const first = Math.ceil(from / minutes) * minutes;
  const last = to === NEVER ? NEVER : Math.floor(to / minutes) * minutes;
  const shorter = cuts.slice(0, -1);
  if (last <= first) return cut(shorter, from, to);
  return [
    ...cut(shorter, from, first),
    { grain, from: first, to: last },
    ...cut(shorter, last, to),
  ];
}

/** As long as the steps allow; before minutes are surely kept, by the hour. */
export function piecesOf(asked: Asked): Piece[] {
  const { metric, buckets, firstMinute } = asked;
  const { from, to, starts } = buckets;
  if (to === NEVER)
    return metric.kind === "gauge" ? [] : [{ grain: "total", from: TOTAL_MINUTE, to: 0 }];
  const cuts = cutsOf(distinctionOf(asked));
  const after = metric.kind === "gauge" ? cut(cuts, to, NEVER) : [];
  const fitting = cuts.filter(({ minutes }) =>
    starts.every((start, at) => at === 0 || start % minutes === 0),
  );
  const fine = (first: number) => cut(fitting, first, to);
  if (from >= firstMinute) return [...fine(from), ...after];
  const kept = Math.min(hourAfter(firstMinute), hourAfter(to));
  const { grain = "hour" } = cuts.at(-1) ?? {};
  const old = { grain, from: Math.floor(from / HOUR) * HOUR, to: kept };
  return [old, ...(kept < to ? fine(kept) : []), ...after];
}

function distinctionOf(asked: Asked): Distinction {
  const { metric, groups, filter } = asked;
  const named = [...groups, ...DIMENSIONS.filter((name) => filter[name]?.length)];
  const others = DIMENSIONS.filter((name) => name !== "agent") as readonly string[];
  const families = familiesIn(metric);
  const keys = families.map((family) => FAMILIES[family]).filter((name) => name !== "");
  const isOfKey = (name: string) => groups.some((group) => group === name);
  const isFiltered = (name: string) => Boolean(filter[name as keyof typeof filter]);
  return {
    isFine: named.some((name) => others.includes(name)) || metadataKeys(asked).length > 0,
    isKeyed:
      keys.some((name) => isOfKey(name) || isFiltered(name)) ||
      termsOf(metric).some((term) => term.keys),
    isOwn: families.some(isOwn),
  };
}

export const hourAfter = (minute: number) => Math.ceil(minute / HOUR) * HOUR;
