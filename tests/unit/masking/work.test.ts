import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globOf } from "@/lib/masking/glob";
import { type Hits, masked, maskedLine, maskerOf } from "@/lib/masking/masker";
import { follow, parsePath, type Trail } from "@/lib/masking/path";
import { faultOf } from "@/lib/masking/rules";
import type { MaskingRule } from "@/lib/masking/schema";
import { tested } from "@/lib/masking/tested";

const HIDDEN = "[masked:work_limit]";
const pattern = (text: string): MaskingRule => ({ kind: "pattern", name: "p", pattern: text });

function lineOf(rules: MaskingRule[], text: string, builtin: Record<string, boolean> = {}) {
  const hits: Hits = new Map();
  const left = maskedLine(maskerOf({ builtin, rules }, "masked"), text, hits);
  return { left, hits: Object.fromEntries(hits) };
}

describe("a glob", () => {
  it.each([
    ["crm_*", "crm_read", true],
    ["crm_*", "a crm_read", false],
    ["*", "", true],
    ["a*a", "a", false],
    ["*b*", "abc", true],
    ["a.c", "abc", false],
    ["a*b*c", "a\nb\nc", true],
    ["**x", "x", true],
  ])("%s, %j: %s", (glob, name, fits) => expect(globOf(glob)(name)).toBe(fits));

  it("fits what a pattern of any characters fits", () => {
    const short = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    fc.assert(
      fc.property(short, short, (glob, name) => {
        const same = new RegExp(`^${glob.split("*").join("[^]*")}$`);
        expect(globOf(glob)(name.replaceAll("*", ""))).toBe(same.test(name.replaceAll("*", "")));
      }),
    );
  });

  it("looks for each part once", () => {
    expect(globOf("*a*a*a*a*a*a*b")("a".repeat(100_000))).toBe(false);
  });
});

describe("a pattern", () => {
  it.each([
    ["^.", "abc", "[masked:p]bc"],
    ["^\\w+ ", "one two three", "[masked:p]two three"],
    ["\\w+ ?$", "one two three", "one two [masked:p]"],
    ["\\bfoo", "foofoo foo", "[masked:p][masked:p] [masked:p]"],
    ['"[^"]*"', 'say "a [masked:x] b"!', "say [masked:p][masked:x][masked:p]!"],
    ["a.*b", "a\u2028b [masked:x] b c", "[masked:p][masked:x][masked:p] c"],
    ["masked", "[masked:masked] masked", "[masked:masked] [masked:p]"],
    [".", "ab", "[masked:p][masked:p]"],
  ])("sees what stands beside it: %s in %j", (rule, text, left) => {
    expect(lineOf([pattern(rule)], text).left).toBe(left);
    expect(lineOf([pattern(rule)], left)).toEqual({ left, hits: {} });
  });

  it.each(["(a+)+$", "(?:a|aa)+c"])("takes time in proportion to the text: %s", (rule) => {
    const text = `${"a".repeat(50_000)}b`;
    expect(lineOf([pattern(rule)], text)).toEqual({ left: text, hits: {} });
  });

  it.each([
    ["looks far ahead of each match", "key(?:[\\s\\S]*end)?", "key".repeat(10_000)],
    ["finds something again and again", "\\d{4}\\b", "0123456789".repeat(10)],
  ])("has a text hidden whole where it %s", (_, rule, text) => {
    const { left, hits } = lineOf([pattern(rule)], `see ${text}`);
    expect([left, hits.work_limit]).toEqual([HIDDEN, 1]);
    expect(lineOf([pattern(rule)], HIDDEN)).toEqual({ left: HIDDEN, hits: {} });
  });

  it("finds what it finds in long texts", () => {
    const text = "CUST-12 said hello to a customer. ".repeat(20_000);
    const { left } = lineOf([pattern("CUST-[0-9]+")], text);
    expect(left).toBe("[masked:p] said hello to a customer. ".repeat(20_000));
  });

  it("is refused where it is too large to be looked for", () => {
    expect(faultOf([pattern("\\pL{1000}".repeat(20))])).toMatchObject({ path: "rules.0.pattern" });
  });
});

describe("an item", () => {
  const rule = pattern("key(?:[\\s\\S]*end)?");
  const costly = "key".repeat(30_000);
  const said = (texts: string[]) => ({
    ...{ type: "user.message", id: "1" },
    content: texts.map((text) => ({ type: "text", text })),
  });

  it("costs no more than one may: what is left is hidden, and the same when it is masked again", () => {
    const masker = maskerOf({ builtin: {}, rules: [rule] }, "masked");
    const texts = [...Array.from({ length: 40 }, () => costly), "a harmless text"];
    const hits: Hits = new Map();
    const once = masked(masker, { kind: "event", payload: said(texts) }, hits);
    const { content } = once as ReturnType<typeof said>;
    expect(content.map(({ text }) => text)).toEqual(texts.map(() => HIDDEN));
    expect(hits.get("work_limit")).toBeGreaterThan(40);
    expect(masked(masker, { kind: "event", payload: once }, new Map())).toBe(once);
    const alone = said(["a harmless text"]);
    expect(masked(masker, { kind: "event", payload: alone }, new Map())).toBe(alone);
  });

  it("may cost less where somebody tries rules", () => {
    const rules = Array.from({ length: 50 }, (_, at) => ({ ...rule, name: `p${at}` }));
    const masker = maskerOf({ builtin: {}, rules }, "masked");
    const json = JSON.stringify(said([...Array(40).fill("key".repeat(150)), "a harmless text"]));
    expect(tested(masker, json).output).toContain('"a harmless text"');
    const long = JSON.stringify(said([...Array(10).fill("key".repeat(9_000)), "a harmless text"]));
    expect(tested(masker, long).output).not.toContain('"a harmless text"');
  });
});

describe("built-in rules", () => {
  it("mask numbers that follow each other in one go", () => {
    const { left } = lineOf([], "+15551234567".repeat(50_000), { phone: true });
    expect(left).toBe("[masked:phone]".repeat(50_000));
  });

  it.each(["eyJ", "eyJabc.", "\u001b[31meyJ", "1 ", "a@", "://a:", "%25", "sk-", "api_key="])(
    "get through %j however often it comes",
    (part) => {
      const all = { email: true, phone: true, credit_card: true, iban: true, us_ssn: true };
      const text = part.repeat(30_000);
      expect(lineOf([], text, all)).toEqual({ left: text, hits: {} });
    },
  );
});

it("a path with many levels in between comes to each place once", () => {
  const steps = parsePath(`$${"..a".repeat(60)}..b`) ?? [];
  let trails: readonly Trail[] = [{ rule: "r", steps }];
  let ends: string | null = null;
  for (let level = 0; level < 200; level++) ({ trails, ends } = follow(trails, "a"));
  expect([trails.length, ends]).toEqual([61, null]);
  expect(follow(trails, "b").ends).toBe("r");
});

it("is the same when it is masked again, whatever patterns there are", () => {
  const rule = fc
    .array(fc.constantFrom("^", "$", "\\b", ".", "\\w", "a", "[^a]", "b+", "\\w{2}", "(?:a|b)"), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join(""))
    .filter((text) => faultOf([pattern(text)]) === null);
  const text = fc
    .array(
      fc.constantFrom("a", "b", "ab ", "\n", "[masked:x]", "[masked:", "AKIAIOSFODNN7EXAMPLE"),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(rule, rule, text, (one, other, said) => {
      const rules = [pattern(one), { ...pattern(other), name: "q" }];
      const { left } = lineOf(rules, said);
      expect(lineOf(rules, left)).toEqual({ left, hits: {} });
    }),
    { numRuns: 500 },
  );
});
