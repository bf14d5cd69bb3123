import type { Instance } from "./schema";
import { isOpenStatus } from "./turns";

type Wanted = { fingerprint: string };

/**
 * Which label sets a rule judges when there are more than it may have: all it has already, open ones first of
 * all, and of new ones as many as fit, in their order. `overflow` is how many do not.
 */
export function capInstances<T extends Wanted>(
  existing: ReadonlyMap<string, Pick<Instance, "status">>,
  wanted: readonly T[],
  most: number,
): { admitted: T[]; overflow: number } {
  const isKnown = ({ fingerprint }: Wanted) => existing.has(fingerprint);
  const names = new Set(wanted.map(({ fingerprint }) => fingerprint));
  const known = wanted.filter(isKnown).length;
  const openElsewhere = [...existing].filter(
    ([fingerprint, { status }]) => !names.has(fingerprint) && isOpenStatus(status),
  ).length;
  let room = Math.max(0, most - known - openElsewhere);
  const admitted = wanted.filter((one) => isKnown(one) || room-- > 0);
  return { admitted, overflow: wanted.length - admitted.length };
}
