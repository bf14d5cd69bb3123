import { maskOf, partsOf } from "./marks";

/** Stands for a mark while a text is searched: no letter, no digit, no part of a line's end. */
export const HOLE = "\u2028";

/** A text with a character in place of each mark, and where these are: patterns see what is beside them. */
export type Marked = { text: string; at: readonly number[]; marks: readonly string[] };

export type Span = { from: number; to: number; rule: string };

export function markedOf(text: string): Marked {
  const parts = partsOf(text);
  if (parts.length === 1) return { text, at: [], marks: [] };
  const at: number[] = [];
  let length = 0;
  for (const [place, part] of parts.entries()) {
    if (place % 2 === 1) at.push(length);
    length += place % 2 === 1 ? 1 : part.length;
  }
  const marks = parts.filter((_, place) => place % 2 === 1);
  return { text: parts.map((part, place) => (place % 2 === 1 ? HOLE : part)).join(""), at, marks };
}

export function textOf({ text, at, marks }: Marked): string {
  let whole = "";
  let from = 0;
  for (const [place, mark] of marks.entries()) {
    const to = at[place] ?? from;
    whole += text.slice(from, to) + mark;
    from = to + 1;
  }
  return whole + text.slice(from);
}

/**
 * The text with what the spans hold replaced, but for the marks in them; the very same where they hold
 * nothing else. Spans are in order and apart.
 */
export function covered(
  marked: Marked,
  spans: readonly Span[],
  hit: (rule: string) => void,
): Marked {
  if (spans.length === 0) return marked;
  const { text } = marked;
  const [at, marks]: [number[], string[]] = [[], []];
  let out = "";
  let from = 0;
  let next = 0;
  let isChanged = false;
  const put = (mark: string) => {
    at.push(out.length);
    marks.push(mark);
    out += HOLE;
  };
  /** Goes on to a place, mark by mark; what lies between goes by `each`. */
  const go = (to: number, each: (part: string) => void) => {
    for (let place = marked.at[next]; place !== undefined && place < to; place = marked.at[next]) {
      if (place > from) each(text.slice(from, place));
      put(marked.marks[next] ?? "");
      from = place + 1;
      next++;
    }
    if (to > from) each(text.slice(from, to));
    from = Math.max(from, to);
  };
  const keep = (part: string) => {
    out += part;
  };
  for (const { from: start, to, rule } of spans) {
    go(start, keep);
    go(to, () => {
      put(maskOf(rule));
      hit(rule);
      isChanged = true;
    });
  }
  go(text.length, keep);
  return isChanged ? { text: out, at, marks } : marked;
}
