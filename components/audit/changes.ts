type Fields = Record<string, unknown>;

export type ChangeRow = { field: string; before: string | null; after: string | null };

/** Before and after beside each other, field by field, nested ones by their path; null where one side has none. */
export function changeRows(before: Fields | null, after: Fields | null): ChangeRow[] {
  const [old, now] = [flat(before ?? {}), flat(after ?? {})];
  return [...new Set([...old.keys(), ...now.keys()])].map((field) => ({
    field,
    before: old.get(field) ?? null,
    after: now.get(field) ?? null,
  }));
}

function flat(value: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    const isGroup = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    if (isGroup && Object.keys(inner).length > 0)
      for (const [field, text] of flat(inner, at)) found.set(field, text);
    else found.set(at, textOf(inner));
  }
  return found;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value === "" ? "“”" : value;
  const isPlainList = Array.isArray(value) && value.every((one) => typeof one !== "object");
  if (isPlainList) return value.length === 0 ? "none" : value.join(", ");
  return value === null ? "none" : JSON.stringify(value);
}
