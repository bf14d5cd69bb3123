const CUT = "…";

/** The same value with half characters in its texts replaced: no receiver takes them. */
export function sound<T>(value: T): T;
export function sound(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map((part) => sound(part));
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).map(([name, part]) => [sound(name), sound(part)]);
  return Object.fromEntries(parts);
}

/**
 * A text that is at most `most` characters long once it is escaped, counted as UTF-16 does, which is
 * never less than by code points. It is cut between code points and never within an quote.
 */
export function clip(text: string, most: number, quote = (part: string) => part): string {
  // What lies beyond cannot be kept: a long text is not gone through for a short piece of it.
  const wellFormed = text.slice(0, most + 2).toWellFormed();
  const whole = text.length <= most ? quote(wellFormed) : null;
  if (whole !== null && whole.length <= most) return whole;
  const kept: string[] = [];
  let length = CUT.length;
  for (const point of wellFormed) {
    const part = quote(point);
    length += part.length;
    if (length > most) break;
    kept.push(part);
  }
  // A joiner at the end would join the mark of the cut.
  while (/^[\s\u200d]$/u.test(kept.at(-1) ?? "")) kept.pop();
  return most < CUT.length ? "" : kept.join("") + CUT;
}

export const bytesOf = (text: string): number => Buffer.byteLength(text);
