/** Query values by name: repeated ones as a list, `a.b=c` as `{a: {b: c}}`. */
export type QueryValues = Record<string, string | string[] | Record<string, string | string[]>>;

export function readQuery(url: string): QueryValues {
  const values: QueryValues = {};
  for (const [name, value] of new URL(url).searchParams) {
    const dot = name.indexOf(".");
    if (dot <= 0) {
      const known = values[name];
      add(values, name, value, typeof known === "object" && !Array.isArray(known) ? [] : known);
      continue;
    }
    const group = name.slice(0, dot);
    const known = values[group];
    const inner = typeof known === "object" && !Array.isArray(known) ? known : {};
    const key = name.slice(dot + 1);
    add(inner, key, value, Object.hasOwn(inner, key) ? inner[key] : undefined);
    values[group] = inner;
  }
  return values;
}

function add(
  target: Record<string, unknown>,
  name: string,
  value: string,
  known: string | string[] | undefined,
): void {
  const next = known === undefined ? value : [known, value].flat();
  // A plain assignment to "__proto__" would change the object instead of giving it a member.
  Object.defineProperty(target, name, {
    value: next,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** The dotted path of the first string holding a NUL, which Postgres cannot store; null if there is none. */
export function findNul(value: unknown, path = ""): string | null {
  if (typeof value === "string") return value.includes("\u0000") ? path : null;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, member] of Object.entries(value)) {
    const name = path === "" ? key : `${path}.${key}`;
    const found = key.includes("\u0000") ? name.replaceAll("\u0000", "") : findNul(member, name);
    if (found !== null) return found;
  }
  return null;
}
