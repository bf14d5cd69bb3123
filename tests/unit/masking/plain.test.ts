import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEscaped, placeOf, plainOf } from "@/lib/masking/plain";

describe("a text as it would be read", () => {
  it.each([
    ["\u001b[01;31m\u001b[Kgh\u001b[m\u001b[Kp_", "ghp_"],
    ["\\u001b[31ma\\\\u001b[0m \\u001b", "a \u001b"],
    ["\u001b(B\u001b[mx", "x"],
    ["\u001b]8;;https://a.b\u0007a link\u001b]8;;\u001b\\", "a link"],
    ["a%3Db%253Dc%25", "a=b=c%"],
    ["\\u003d\\\\u003d\\x3d%20\\/", "=== /"],
    ["%C3%A9 \\u00e9", "\ufffd\ufffd \u00e9"],
    ["key\u001b[1mAKIA x\u001b[1my", "key\nAKIA xy"],
    ["100% of \\n, 5%x", "100% of \\n, 5%x"],
  ])("%j is %j", (text, plain) => expect(plainOf(text).text).toBe(plain));

  it("knows where each of its parts stood", () => {
    const part = fc.constantFrom("abc", "x", "\u001b[31m", "%3D", "%253D", "\\u003d", " ", "é");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.nat(), fc.nat(), (parts, a, b) => {
        const text = parts.join("");
        const plain = plainOf(text);
        fc.pre(plain.text.length > 0);
        const from = a % plain.text.length;
        const to = from + 1 + (b % (plain.text.length - from));
        const place = placeOf(plain, from, to);
        expect(plainOf(text.slice(place.from, place.to)).text).toBe(plain.text.slice(from, to));
      }),
    );
  });

  it("is looked for only where something is written otherwise", () => {
    expect(["%3D", "\u001b[1m", "\\u003d"].map(isEscaped)).toEqual([true, true, true]);
    expect(["100%", "a\nb", "\\n\\t", ""].map(isEscaped)).toEqual([false, false, false, false]);
  });
});
