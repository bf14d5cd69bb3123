import { type Builtin, HINT_KINDS, type HintKind } from "./builtin";
import { covered, type Marked, markedOf, type Span, textOf } from "./marked";
import { maskOf } from "./marks";
import { patternFinder } from "./pattern";
import { isEscaped, type Plain, placeOf, plainOf } from "./plain";
import { OutOfWork, WORK_LIMIT, type Work } from "./work";

type Hit = (rule: string) => void;

/** Replaces in one text; `hit` is told of each rule that found something. */
export type Pass = (text: string, hit: Hit, work: Work) => string;

/** The shortest that any built-in rule finds: an address as `a@b.c` is no secret. */
const SHORTEST = 6;

export type TextMasker = {
  /** Whether a built-in credential may be in it: a text, or the JSON of a whole item. */
  mayHold: (text: string) => boolean;
  /** Rules that no hint tells of: every text has to be looked at. */
  isThorough: boolean;
  mask: Pass;
};

type Step = (marked: Marked, hit: Hit, work: Work) => Marked;
type Finder = (text: string) => Span[];

/**
 * Text rules in one: credentials are one alternation, tried where a hint of one is; what has a check of
 * its own, and people's patterns, follow one by one. Built-in rules look at the text as it came and as it
 * would be read.
 */
export function textMasker(
  builtins: readonly Builtin[],
  patterns: readonly { name: string; pattern: string }[],
): TextMasker {
  const hinted = builtins.filter(({ hint }) => hint !== undefined);
  const hints = HINT_KINDS.flatMap((kind) => hintOf(hinted, kind));
  const isHinted = (text: string) => hints.some(({ pattern }) => pattern.test(text));
  const mayHold = (text: string) =>
    isHinted(text) || (hints.length > 0 && isEscaped(text) && isHinted(plainOf(text).text));
  const credentials = hintedFinder(hinted, hints);
  const checked = builtins.filter(({ hint }) => hint === undefined).map(checkedFinder);
  const finders = hinted.length === 0 ? checked : [credentials, ...checked];
  const steps = patterns.map(({ name, pattern }) => patternStep(name, pattern));
  if (finders.length > 0) steps.unshift(builtinStep(finders));
  return {
    mayHold,
    isThorough: checked.length + patterns.length > 0,
    mask: (text, hit, work) => {
      if (text.length < SHORTEST && patterns.length === 0) return text;
      if (checked.length + patterns.length === 0 && !mayHold(text)) return text;
      return settled(text, steps, { hit, work });
    },
  };
}

/** What stands beside a mask may only now be a match; few texts find something more than twice. */
const MOST_ROUNDS = 8;

/** Until nothing more is found. A text that takes too much work is hidden, whatever is in it. */
function settled(text: string, steps: Step[], { hit, work }: { hit: Hit; work: Work }): string {
  const first = markedOf(text);
  let before = first;
  try {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const after = steps.reduce((marked, step) => step(marked, hit, work), before);
      if (after === before) return after === first ? text : textOf(after);
      before = after;
    }
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
  }
  hit(WORK_LIMIT);
  return maskOf(WORK_LIMIT);
}

function patternStep(name: string, pattern: string): Step {
  const find = patternFinder(name, pattern);
  return (marked, hit, work) => covered(marked, find(marked.text, work), hit);
}

function builtinStep(finders: readonly Finder[]): Step {
  return (marked, hit) => {
    let now = marked;
    for (const find of finders) now = covered(now, find(now.text), hit);
    if (!isEscaped(now.text)) return now;
    let plain: Plain = plainOf(now.text);
    for (const find of finders) {
      const found = find(plain.text);
      if (found.length === 0) continue;
      const spans = found.map(({ from, to, rule }) => ({ ...placeOf(plain, from, to), rule }));
      now = covered(now, spans, hit);
      plain = plainOf(now.text);
    }
    return now;
  };
}

type Hint = { kind: HintKind; pattern: RegExp };

function hintOf(rules: readonly Builtin[], kind: HintKind): Hint[] {
  const hints = rules.flatMap(({ hint }) => hint?.[kind] ?? []);
  return hints.length === 0 ? [] : [{ kind, pattern: new RegExp(hints.join("|")) }];
}

/** Of credentials only those are looked for that a hint of their kind is in the text of. */
function hintedFinder(rules: readonly Builtin[], hints: readonly Hint[]): Finder {
  const made = new Map<string, Finder>();
  return (text) => {
    const kinds = hints.filter(({ pattern }) => pattern.test(text)).map(({ kind }) => kind);
    if (kinds.length === 0) return [];
    const known = made.get(kinds.join());
    if (known) return known(text);
    const finder = together(rules.filter(({ hint }) => kinds.some((kind) => hint?.[kind])));
    made.set(kinds.join(), finder);
    return finder(text);
  };
}

/** Searches what is left behind each match as if it began there: it will, behind the mask. */
function together(rules: readonly Builtin[]): Finder {
  const names = rules.map(({ name }) => name);
  const all = new RegExp(rules.map(({ name, source }) => `(?<${name}>${source})`).join("|"));
  return (text) => {
    const spans: Span[] = [];
    for (let start = 0; start < text.length; ) {
      const match = all.exec(start === 0 ? text : text.slice(start));
      if (!match || match[0] === "") break;
      const from = start + match.index;
      start = from + match[0].length;
      const rule = names.find((name) => match.groups?.[name] !== undefined) ?? "";
      spans.push({ from, to: start, rule });
    }
    return spans;
  };
}

function checkedFinder({ name, source, validLength = (found) => found.length }: Builtin): Finder {
  const pattern = new RegExp(source, "g");
  return (text) => {
    const spans: Span[] = [];
    let rest = text;
    let start = 0;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(rest); match; match = pattern.exec(rest)) {
      const length = validLength(match[0]);
      // What begins a little later may be one.
      pattern.lastIndex = match.index + 1;
      if (length === 0) continue;
      const from = start + match.index;
      start = from + length;
      spans.push({ from, to: start, rule: name });
      rest = text.slice(start);
      pattern.lastIndex = 0;
    }
    return spans;
  };
}
