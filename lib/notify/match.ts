import { type Compiled, compilePattern } from "./pattern";
import type { Matcher, NoticeContent } from "./schema";

export type Labels = Record<string, string>;
type Fits = (labels: Labels) => boolean;

const MOST_KEPT = 1_000;
/** Patterns are compiled once, not once an alert. */
const kept = new Map<string, Compiled>();

function compiled(source: string): Compiled {
  const known = kept.get(source);
  if (known) return known;
  if (kept.size >= MOST_KEPT) kept.clear();
  const made = compilePattern(source);
  kept.set(source, made);
  return made;
}

/** What is wrong with a matcher, in words; null when nothing is. */
export function problemOf({ op, value }: Matcher): string | null {
  if (op === "=" || op === "!=") return null;
  const made = compiled(value);
  return made.ok ? null : `not a regular expression that can be used: ${made.problem}`;
}

/** A label that is missing is the empty text. A pattern that cannot be compiled fits nothing. */
function fits({ name, op, value }: Matcher, labels: Labels): boolean {
  const own = Object.hasOwn(labels, name) ? (labels[name] ?? "") : "";
  if (op === "=") return own === value;
  if (op === "!=") return own !== value;
  const made = compiled(value);
  return made.ok && made.pattern.test(own) === (op === "=~");
}

/** Whether all of the matchers fit; no matcher at all fits everything. */
export const matches =
  (matchers: readonly Matcher[]): Fits =>
  (labels) =>
    matchers.every((matcher) => fits(matcher, labels));

/** A matcher that the empty text does not fit leaves something out. */
export const isNarrow = (matchers: readonly Matcher[]): boolean =>
  matchers.some((matcher) => !fits(matcher, {}));

/** What matchers and groupings see of a notice. */
export function labelsOf({ labels, rule, severity }: Seen): Labels {
  return { ...labels, alertname: rule.name, severity, rule_id: rule.id };
}
type Seen = Pick<NoticeContent, "labels" | "severity"> & {
  rule: Pick<NoticeContent["rule"], "id" | "name">;
};
