import { RE2JS } from "re2js";
import { BUILTIN, type Builtin } from "./builtin";
import { maskOf, partsOf } from "./marks";

/** Replaces in one text; `hit` is told of each rule that found something. */
export type Pass = (text: string, hit: (rule: string) => void) => string;

/** The shortest that any built-in rule finds: an address as `a@b.c` is no secret. */
const SHORTEST = 6;

export type TextMasker = {
  /** Whether a built-in credential may be in it: a text, or the JSON of a whole item. */
  mayHold: (text: string) => boolean;
  /** Rules that no hint tells of: every text has to be looked at. */
  isThorough: boolean;
  mask: Pass;
};

/**
 * Text rules in one: credentials are one alternation, tried where a hint of one is; what has a check of
 * its own, and people's patterns (RE2: linear in the text, whatever the pattern), follow one by one.
 */
export function textMasker(
  builtins: readonly Builtin[],
  patterns: readonly { name: string; pattern: string }[],
): TextMasker {
  const hinted = builtins.filter(({ hint }) => hint !== undefined);
  const passes: Pass[] = builtins.filter(({ hint }) => hint === undefined).map(checkedPass);
  for (const { name, pattern } of patterns) passes.push(patternPass(name, RE2JS.compile(pattern)));
  const hints = hinted.length === 0 ? null : new RegExp(hinted.map(({ hint }) => hint).join("|"));
  const together = hintedPass(hinted);
  const mayHold = (text: string) => hints?.test(text) === true;
  const all: Pass = (text, hit) => {
    let masked = mayHold(text) ? together(text, hit) : text;
    for (const pass of passes) masked = between(masked, hit, pass);
    return masked;
  };
  return {
    mayHold,
    isThorough: passes.length > 0,
    mask: (text, hit) =>
      text.length < SHORTEST && patterns.length === 0 ? text : settled(text, hit, all),
  };
}

/** Until nothing more is found: what stands beside a mask may only now be a match. Each round leaves less. */
function settled(text: string, hit: (rule: string) => void, pass: Pass): string {
  let before = text;
  for (;;) {
    const after = between(before, hit, pass);
    if (after === before) return after;
    before = after;
  }
}

function between(text: string, hit: (rule: string) => void, pass: Pass): string {
  const parts = partsOf(text);
  if (parts.length === 1) return pass(text, hit);
  return parts.map((part, at) => (at % 2 === 1 || part === "" ? part : pass(part, hit))).join("");
}

function hintedPass(rules: readonly Builtin[]): Pass {
  const names = rules.map(({ name }) => name);
  if (names.length === 0) return (text) => text;
  const all = new RegExp(rules.map(({ name, source }) => `(?<${name}>${source})`).join("|"), "g");
  return (text, hit) =>
    text.replace(all, (...found) => {
      const groups = found.at(-1) as Record<string, string | undefined>;
      const rule = names.find((name) => groups[name] !== undefined) ?? "";
      hit(rule);
      return maskOf(rule);
    });
}

function checkedPass({ name, source, isValid = () => true }: Builtin): Pass {
  const pattern = new RegExp(source, "g");
  return (text, hit) => {
    let masked = "";
    let from = 0;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      const valid = validPart(match[0], isValid);
      // What begins a little later may be one.
      pattern.lastIndex = match.index + (valid?.length ?? 1);
      if (valid === null) continue;
      masked += text.slice(from, match.index) + maskOf(name);
      from = pattern.lastIndex;
    }
    if (from === 0) return text;
    hit(name);
    return masked + text.slice(from);
  };
}

/** A number with others behind it: the longest beginning that ends where a group of it does. */
function validPart(found: string, isValid: (text: string) => boolean): string | null {
  for (let part = found; part !== ""; ) {
    if (isValid(part)) return part;
    const end = Math.max(part.lastIndexOf(" "), part.lastIndexOf("-"));
    part = part.slice(0, Math.max(0, end));
  }
  return null;
}

function patternPass(name: string, pattern: RE2JS): Pass {
  return (text, hit) => {
    const matcher = pattern.matcher(text);
    let masked = "";
    let from = 0;
    while (matcher.find()) {
      const [start, end] = [matcher.start(), matcher.end()];
      if (start === end) continue;
      masked += text.slice(from, start) + maskOf(name);
      from = end;
    }
    if (from === 0) return text;
    hit(name);
    return masked + text.slice(from);
  };
}

/** What is wrong with a pattern; null for one that can be used. */
export function patternFault(pattern: string): string | null {
  try {
    return RE2JS.compile(pattern).matches("")
      ? "it also fits an empty text; say + where it says *"
      : null;
  } catch (error) {
    return (error as Error).message;
  }
}

export const NAMED = new Map<string, Builtin>(BUILTIN.map((rule) => [rule.name, rule]));
