const CUT = "…";

/**
 * A text that is at most `most` characters long once it is escaped, counted as UTF-16 does, which is
 * never less than by code points. It is cut between code points and never within an quote.
 */
export function clip(text: string, most: number, quote = (part: string) => part): string {
  const sound = text.toWellFormed();
  const whole = quote(sound);
  if (whole.length <= most) return whole;
  const kept: string[] = [];
  let length = CUT.length;
  for (const point of sound) {
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
