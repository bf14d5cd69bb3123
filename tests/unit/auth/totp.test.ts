import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base32, codeAt, stepAt, stepOf, totpUri } from "@/lib/auth/totp";

const KEY = Buffer.from("12345678901234567890");

/** RFC 6238, appendix B, SHA-1; of its eight digits the last six. */
const OF_THE_RFC = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
] as const;

it.each(OF_THE_RFC)("at %s s the code is %s", (seconds, code) => {
  expect(codeAt(KEY, stepAt(seconds * 1000))).toBe(code);
  expect(stepOf(KEY, code, seconds * 1000)).toBe(stepAt(seconds * 1000));
});

describe("stepOf", () => {
  const now = 1_234_567_890_000;
  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])("%s steps from now: %s", (off, taken) => {
    const step = stepAt(now) + off;
    expect(stepOf(KEY, codeAt(KEY, step), now)).toBe(taken ? step : null);
  });

  it.each(["", "5924", "0059240", "005925", "005924 ", "ööööö"])("is none of %j", (code) => {
    expect(stepOf(KEY, code, now)).toBeNull();
  });

  it("is none of another key's code", () => {
    expect(stepOf(Buffer.from("09876543210987654321"), "005924", now)).toBeNull();
  });
});

/** RFC 4648, 10, without the padding. */
it.each([
  ["", ""],
  ["f", "MY"],
  ["fo", "MZXQ"],
  ["foo", "MZXW6"],
  ["foob", "MZXW6YQ"],
  ["fooba", "MZXW6YTB"],
  ["foobar", "MZXW6YTBOI"],
])("%j in base32 is %j", (text, expected) => {
  expect(base32(Buffer.from(text))).toBe(expected);
});

it("tells different keys apart in base32", () => {
  const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      expect(base32(one)).toHaveLength(32);
      expect(base32(one) === base32(other)).toBe(Buffer.from(one).equals(Buffer.from(other)));
    }),
  );
});

it("tells an app whose key it is, and of what", () => {
  const uri = new URL(totpUri(KEY, "ada+x@example.com"));
  expect(decodeURIComponent(`${uri.host}${uri.pathname}`)).toBe(
    "totp/Watchkeeper:ada+x@example.com",
  );
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    ...{ secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", issuer: "Watchkeeper" },
  });
});
