/** Nesting beyond this is refused: both our own recursion and the database's JSON parser have a stack. */
export const MAX_DEPTH = 200;

/**
 * JSON text with keys in sorted order, so that one event has one text whatever order a sender wrote
 * its keys in. Returns null when the value nests deeper than `MAX_DEPTH`.
 * NUL and lone surrogates come out as `\u` escapes, which the database's `json` type keeps as they are.
 */
export function canonicalJson(value: unknown, depth = 0): string | null {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) {
    let text = "[";
    for (let i = 0; i < value.length; i++) {
      const part = canonicalJson(value[i], depth + 1);
      if (part === null) return null;
      text += i === 0 ? part : `,${part}`;
    }
    return `${text}]`;
  }
  const record = value as Record<string, unknown>;
  let text = "";
  for (const key of sortedKeys(record)) {
    const member = record[key];
    if (member === undefined) continue;
    const part = canonicalJson(member, depth + 1);
    if (part === null) return null;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${part}`;
  }
  return `{${text}}`;
}

/** Most senders keep one order, and often the sorted one: looking is cheaper than sorting. */
function sortedKeys(record: Record<string, unknown>): string[] {
  const keys = Object.keys(record);
  for (let i = 1; i < keys.length; i++)
    if ((keys[i - 1] ?? "") > (keys[i] ?? "")) return keys.sort();
  return keys;
}

/** Text that any `text` or `jsonb` column takes: NUL and lone surrogates become U+FFFD. */
export function cleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes("\u0000") ? wellFormed.replaceAll("\u0000", "\uFFFD") : wellFormed;
}

/**
 * Columns and whole objects as one JSON row, keys sorted, so that equal states have equal text.
 * Objects go as text in text: the row is unescaped on its way in, and a `\u0000` or half a surrogate
 * pair inside an object would not survive that.
 */
export function rowText(
  columns: Record<string, unknown>,
  objects: Record<string, unknown>,
): string {
  const parts = Object.entries(objects).map(([name, object]) => [
    name,
    object === null ? null : canonicalJson(object),
  ]);
  return JSON.stringify({ ...columns, ...Object.fromEntries(parts) });
}
