import { describe, expect, it } from "vitest";
import { changesOf, SECRET, withoutSecretText } from "@/lib/audit/changes";

describe("what a change changed", () => {
  it.each([
    ["nothing", { a: 1 }, { a: 1 }, {}, {}],
    ["a member", { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 2 }, { b: 3 }],
    ["one that came", { a: 1 }, { a: 1, b: null }, {}, { b: null }],
    ["one that went", { a: 1, b: 2 }, { a: 1 }, { b: 2 }, {}],
    ["at depth", { x: { y: 1, z: 1 } }, { x: { y: 2, z: 1 } }, { x: { y: 1 } }, { x: { y: 2 } }],
    ["a list, whole", { a: [1, 2] }, { a: [1, 3] }, { a: [1, 2] }, { a: [1, 3] }],
    ["its type", { a: { b: 1 } }, { a: "b" }, { a: { b: 1 } }, { a: "b" }],
  ])("is %s", (_, before, after, old, now) => {
    expect(changesOf(before, after)).toEqual({ before: old, after: now });
  });

  it("is all of what was made or is gone", () => {
    const at = new Date("2026-11-26T10:00:00Z");
    const made = { at, left: undefined };
    expect(changesOf(null, made)).toEqual({ before: null, after: { at: at.toISOString() } });
    expect(changesOf({ a: 1 }, null)).toEqual({ before: { a: 1 }, after: null });
  });

  it("takes a member called __proto__ as any other", () => {
    const after = JSON.parse('{"__proto__": {"polluted": true}}');
    expect(JSON.stringify(changesOf({}, after).after)).toBe('{"__proto__":{"polluted":true}}');
  });
});

describe("secrets", () => {
  it.each([
    ...["api_key", "admin_key", "secret", "secrets", "webhook_secrets", "password", "token"],
    ...["smtp_password", "bot_token", "Authorization", "cookie"],
  ])("are not kept under the name %s, but that they were changed is", (name) => {
    const changes = changesOf({ settings: { [name]: "old" } }, { settings: { [name]: "new" } });
    const secret = { settings: { [name]: SECRET } };
    expect(changes).toEqual({ before: secret, after: secret });
  });

  it("are nothing that is only counted, named alike or not there", () => {
    const plain = { key: "tenant", input_tokens: 12, has_secret: true, api_key: null };
    expect(changesOf(null, plain).after).toEqual(plain);
  });

  it.each([
    ["pasted sk-ant-api03-abcdefgh here", "pasted (secret) here"],
    ["wk_0123456789abcdef0123", SECRET],
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SECRET],
    ["smtp://user:pass@mail.example.com", "smtp://(secret)mail.example.com"],
    ["https://a.example/b?x=1&token=abc&y=2", "https://a.example/b?x=1&token=(secret)&y=2"],
    ["nothing secret", "nothing secret"],
  ])("are not kept within %s", (text, safe) => {
    expect(withoutSecretText(text)).toBe(safe);
    expect(changesOf(null, { list: [{ text }] }).after).toEqual({ list: [{ text: safe }] });
  });
});

it("clips what is long and only names what is very large", () => {
  expect(withoutSecretText("a".repeat(1_001))).toBe(`${"a".repeat(1_000)}…`);
  const large = { a: Array.from({ length: 10_000 }, (_, n) => n), b: 1 };
  expect(changesOf(null, large).after).toEqual({ left_out: ["a", "b"], chars: 48_903 });
});
