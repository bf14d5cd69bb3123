const TAIL = 4;

/**
 * Names by ids, told apart: agents may be called the same, and then each has the end of its id behind
 * its name.
 */
export function toldApart(names: ReadonlyMap<string, string>): Map<string, string> {
  const count = new Map<string, number>();
  for (const name of names.values()) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map(
    [...names].map(([id, name]) => [
      id,
      (count.get(name) ?? 0) > 1 ? `${name} …${id.slice(-TAIL)}` : name,
    ]),
  );
}
