import type { Metric } from "./metric";
import { type Bound, isFolded, nameable } from "./promoted";
import type { Buckets } from "./query";
import type { Group } from "./query-schema";
import { NEVER } from "./rollup";
import { DIMENSIONS } from "./schema";
import { type Filter, needsFacts } from "./told";

/** Of which a metric is read. */
export type Asked = {
  workspace: string;
  metric: Metric;
  groups: readonly Group[];
  filter: Filter;
  buckets: Buckets;
  /** Minutes before it are kept no more. */
  firstMinute: number;
  /** Of the one metadata key that is asked for, where it is promoted. */
  promoted: PromotedKey | null;
};
/** `folded` are its days on which not all values have sums of their own. */
export type PromotedKey = {
  id: number;
  key: string;
  folded: ReadonlyArray<Bound & { day: number }>;
};

/** Everything there ever was: what totals are of. */
export const EVER: Buckets = { starts: [0], from: 0, to: NEVER };

const METADATA = "metadata.";
export const isMetadata = (group: string): boolean => group.startsWith(METADATA);

/** The metadata keys that are asked for. */
export const metadataKeys = ({ groups, filter }: Pick<Asked, "groups" | "filter">): string[] => [
  ...new Set([
    ...groups.filter(isMetadata).map((group) => group.slice(METADATA.length)),
    ...Object.keys(filter.metadata ?? {}),
  ]),
];

/** Its rollups are by agent, and know nothing else of sessions. */
const KNOWN = ["agent"];

/** Whether the rollups of the promoted key tell it to the last figure: with no value that they have folded. */
export function isPromoted(asked: Asked): boolean {
  const { metric, groups, filter, promoted, buckets } = asked;
  if (promoted === null || buckets.to === NEVER) return false;
  if (metric.kind === "gauge" && promoted.folded.length > 0) return false;
  const strange = DIMENSIONS.filter((name) => !KNOWN.includes(name));
  if (strange.some((name) => groups.includes(name) || filter[name]?.length)) return false;
  const wanted = [filter.metadata?.[promoted.key] ?? []].flat();
  // A session without the key is not one whose value is empty.
  if (wanted.some((value) => value === "" || nameable(value) === null)) return false;
  return !foldedIn(asked).some((bound) => wanted.some((value) => isFolded(value, bound)));
}

/** The days of the range on which the promoted key has folded values. */
export const foldedIn = ({ promoted, buckets }: Pick<Asked, "promoted" | "buckets">) =>
  (promoted?.folded ?? []).filter(
    ({ day }) => day * DAY_MINUTES < buckets.to && (day + 1) * DAY_MINUTES > buckets.from,
  );
const DAY_MINUTES = 1440;

/** Whether only the sessions and their own cells tell it. */
export function readsFacts(asked: Asked): boolean {
  if (!isPromoted(asked)) return needsFacts(asked);
  const { metric, groups, filter } = asked;
  const { metadata, ...rest } = filter;
  const others = groups.filter((group) => !isMetadata(group));
  return metadataKeys(asked).length > 1 || needsFacts({ metric, groups: others, filter: rest });
}
