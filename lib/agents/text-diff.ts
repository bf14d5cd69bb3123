import { diffLines } from "diff";
import type { DiffLine } from "./schema";

/** Unchanged lines shown before and after each change. */
const CONTEXT = 3;
/** Texts that have more lines changed than this are two texts. */
const MOST_EDITS = 2_000;

/** The last line of a text is a line like any other, whether or not the text ends with a break. */
const ended = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
const linesOf = (text: string) => text.replace(/\n$/, "").split("\n");
const each = (kind: "added" | "removed", text: string): DiffLine[] =>
  text === "" ? [] : linesOf(text).map((line) => ({ kind, text: line }));

/** What became of a text, line by line; long unchanged stretches are told by their length. */
export function textDiff(before: string, after: string): DiffLine[] {
  const [from, to] = [ended(before), ended(after)];
  const runs = diffLines(from, to, { maxEditLength: MOST_EDITS });
  if (!runs) return [...each("removed", from), ...each("added", to)];
  return runs.flatMap(({ value, added, removed }, at) => {
    if (added || removed) return each(added ? "added" : "removed", value);
    return folded(linesOf(value), { isFirst: at === 0, isLast: at === runs.length - 1 });
  });
}

function folded(lines: readonly string[], at: { isFirst: boolean; isLast: boolean }): DiffLine[] {
  const head = at.isFirst ? 0 : CONTEXT;
  const tail = at.isLast ? 0 : CONTEXT;
  const same = (text: string): DiffLine => ({ kind: "same", text });
  const skipped = lines.length - head - tail;
  // One line is no longer than the words that it was left out.
  if (skipped <= 1) return lines.map(same);
  return [
    ...lines.slice(0, head).map(same),
    { kind: "skipped", lines: skipped },
    ...lines.slice(lines.length - tail).map(same),
  ];
}
