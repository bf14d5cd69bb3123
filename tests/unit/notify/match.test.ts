import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNarrow, labelsOf, matches, problemOf } from "@/lib/notify/match";
import { compilePattern } from "@/lib/notify/pattern";
import { Matcher } from "@/lib/notify/schema";

const matcher = (text: string): Matcher => {
  const [, name = "", op, value] = /^(\w+)(=~|!~|!=|=)(.*)$/s.exec(text) ?? [];
  return Matcher.parse({ name, op, value });
};
const fits = (text: string, labels: Record<string, string>) => matches([matcher(text)])(labels);

describe("matchers", () => {
  it.each([
    ["a=x", { a: "x" }, true],
    ["a=x", { a: "xy" }, false],
    ["a=", {}, true],
    ["a!=x", {}, true],
    ["a!=x", { a: "x" }, false],
    ["a=~x|y", { a: "y" }, true],
    ["a=~x|y", { a: "xy" }, false],
    ["a=~b.*", { a: "abc" }, false],
    ["a=~.*", {}, true],
    ["a=~.+", {}, false],
    ["a!~x.*", { a: "xyz" }, false],
    ["a!~x.*", {}, true],
    ["constructor=", {}, true],
  ] as const)("%s of %j: %s", (text, labels, expected) => {
    expect(fits(text, labels)).toBe(expected);
  });

  it("must all fit, and none at all fit everything", () => {
    const both = [matcher("a=x"), matcher("b=~y+")];
    expect(matches(both)({ a: "x", b: "yy" })).toBe(true);
    expect(matches(both)({ a: "x", b: "z" })).toBe(false);
    expect(matches([])({})).toBe(true);
  });

  it.each([
    [["a=x"], true],
    [["a=~.*"], false],
    [["a!=x", "b=~x?"], false],
    [["a!=x", "b!~x?"], true],
    [[], false],
  ])("%j leave something out: %s", (texts, expected) => {
    expect(isNarrow(texts.map(matcher))).toBe(expected);
  });

  it("say what is wrong with a pattern, and only with a pattern", () => {
    expect(problemOf(matcher("a=~("))).toMatch(/a \( is not closed/);
    expect(problemOf(matcher("a=("))).toBe(null);
    expect(problemOf(matcher("a=~[a-z]+"))).toBe(null);
  });

  it("see the rule's name, id and severity beside the labels", () => {
    const seen = { labels: { agent: "a", severity: "own" }, severity: "high" as const };
    expect(labelsOf({ ...seen, rule: { id: "rule_1", name: "Failures" } })).toEqual({
      ...{ agent: "a", alertname: "Failures", rule_id: "rule_1", severity: "high" },
    });
  });
});

describe("patterns", () => {
  const test = (source: string, text: string) => {
    const made = compilePattern(source);
    return made.ok ? made.pattern.test(text) : made.problem;
  };

  it.each([
    ["a{2,3}", "aaa", true],
    ["a{2,3}", "aaaa", false],
    ["a{2,}", "aaaaa", true],
    ["a{2}", "a", false],
    ["a{", "a{", true],
    ["(?:ab)+?c", "ababc", true],
    ["[^a-c]x", "dx", true],
    ["[]]", "]", "[] is empty"],
    ["[a\\]]", "]", true],
    ["\\d+\\.\\w", "12.x", true],
    ["^a$|^$", "", true],
    ["a^b", "ab", false],
    [".", "😀", true],
    [".*", "two\nlines", true],
    ["", "", true],
    ["(a|)b", "b", true],
    ["x*x*x*", "xx", true],
  ])("%s of %j: %s", (source, text, expected) => {
    expect(test(source, text)).toBe(expected);
  });

  it.each([
    ["(", "a ( is not closed"],
    [")", "a ) closes nothing"],
    ["[a", "a [ is not closed"],
    ["*", "* repeats nothing"],
    ["a**", "two repetitions follow each other"],
    ["a{3,2}", "a repetition ends before it begins"],
    ["a{101}", "at most 100 repetitions can be counted"],
    ["(?=a)", "of groups with (? only (?: is understood"],
    ["(a)\\1", "\\1 is not understood"],
    ["\\", "it ends with a \\"],
    ["((a{100}){100}){100}", "it is too large"],
    ["(".repeat(30), "groups lie deeper than 20"],
  ])("refuse %s", (source, problem) => {
    expect(test(source, "")).toBe(problem);
  });

  /** Pieces of patterns that JavaScript reads as we do. */
  const piece = fc.letrec<{ node: string; atom: string }>((tie) => ({
    atom: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\.") },
      { weight: 1, arbitrary: tie("node").map((inner) => `(?:${inner})`) },
    ),
    node: fc
      .array(
        fc
          .array(fc.tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "{1,2}")), {
            maxLength: 3,
          })
          .map((parts) => parts.map((part) => part.join("")).join("")),
        { minLength: 1, maxLength: 3 },
      )
      .map((choices) => choices.join("|")),
  })).node;

  it("find what JavaScript finds", () => {
    fc.assert(
      fc.property(
        piece,
        fc.string({ unit: fc.constantFrom("a", "b", "c", "."), maxLength: 8 }),
        (source, text) => {
          expect(test(source, text)).toBe(new RegExp(`^(?:${source})$`, "su").test(text));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("come to an end where backtracking would not", () => {
    expect(test("(a|a)*(a|a)*b", "a".repeat(5_000))).toBe(false);
    expect(test(".*.*.*.*.*.*.*.*.*.*x", "a".repeat(2_000))).toBe(false);
  });
});
