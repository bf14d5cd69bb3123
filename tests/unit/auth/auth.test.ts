import { describe, expect, it } from "vitest";
import { readCookie, sessionCookie } from "@/lib/auth/cookie";
import { isSameOrigin, localPath } from "@/lib/auth/origin";
import { allows } from "@/lib/auth/roles";
import { SCOPES } from "@/lib/auth/schema";
import { keyPrefix, newKey, sha256 } from "@/lib/auth/secrets";

describe("allows", () => {
  const table: Record<string, readonly string[]> = {
    ingest: ["ingest"],
    figures: ["figures"],
    read: ["figures", "read"],
    write: ["figures", "read", "write"],
    admin: ["ingest", "figures", "read", "write", "admin"],
  };
  it.each(SCOPES)("%s", (scope) => {
    expect(SCOPES.filter((needed) => allows([scope], needed))).toEqual(table[scope]);
  });
  it("adds scopes up, and lets nothing in without one", () => {
    expect(SCOPES.filter((needed) => allows(["ingest", "read"], needed))).toEqual([
      "ingest",
      "figures",
      "read",
    ]);
    expect(SCOPES.filter((needed) => allows([], needed))).toEqual([]);
  });
});

describe("cookies", () => {
  it.each([
    [null, null],
    ["", null],
    ["s=1", "1"],
    ["a=2; s=1; b=3", "1"],
    ["as=2;s=1", "1"],
    ["s=", null],
    ["s", null],
    ["s=a=b", "a=b"],
    ["S=1", null],
  ])("%j holds %j", (header, value) => {
    expect(readCookie(header, "s")).toBe(value);
  });

  it("are for this server's requests alone", () => {
    expect(sessionCookie("x", { secure: true })).toBe(
      "watchkeeper_session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure",
    );
    expect(sessionCookie("", { secure: false })).toMatch(/Max-Age=0$/);
  });
});

describe("isSameOrigin", () => {
  it.each<[Record<string, string>, string | null, boolean]>([
    [{ "sec-fetch-site": "same-origin" }, null, true],
    [{ "sec-fetch-site": "cross-site", origin: "http://a", host: "a" }, null, false],
    [{ origin: "http://a:3000", host: "a:3000" }, null, true],
    [{ origin: "http://a:3000", host: "a" }, null, false],
    [{ origin: "http://a", host: "b", "x-forwarded-host": "a" }, null, true],
    [{ origin: "https://a", host: "b" }, "https://a", true],
    [{ origin: "https://c", host: "b" }, "https://a", false],
    [{ origin: "null", host: "null" }, null, false],
    [{ host: "a" }, null, false],
  ])("%j with %j: %s", (headers, own, expected) => {
    expect(isSameOrigin(new Headers(headers), own)).toBe(expected);
  });
});

it.each([
  ["/", "/"],
  ["/a?b=c#d", "/a?b=c#d"],
  ["//a", "/"],
  ["/\\a", "/"],
  ["/a\\b", "/"],
  ["/a b", "/"],
  ["/\ta", "/"],
  ["a", "/"],
  ["http://a", "/"],
  [null, "/"],
  [1, "/"],
])("localPath(%j) is %j", (path, expected) => {
  expect(localPath(path)).toBe(expected);
});

it("makes keys that are long, random and recognisable", () => {
  const keys = Array.from({ length: 100 }, newKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(key).toMatch(/^wk_[\w-]{43}$/);
  expect(keyPrefix("wk_abcdefghij")).toBe("wk_abcdef");
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
