import { describe, expect, it } from "vitest";
import { findNul, readQuery } from "@/lib/http/query";

describe("readQuery", () => {
  it.each([
    ["", {}],
    ["?a=1", { a: "1" }],
    ["?a=1&a=2&a=3", { a: ["1", "2", "3"] }],
    ["?a=", { a: "" }],
    ["?m.k=v", { m: { k: "v" } }],
    ["?m.k=v&m.k=w&m.l=x", { m: { k: ["v", "w"], l: "x" } }],
    ["?m.a.b=v", { m: { "a.b": "v" } }],
    ["?m.=v", { m: { "": "v" } }],
    ["?.k=v", { ".k": "v" }],
    ["?m=1&m.k=v", { m: { k: "v" } }],
    ["?a=b%2Bc%20d&e=%C3%BC", { a: "b+c d", e: "ü" }],
    ["?a=b+c", { a: "b c" }],
  ])("%s", (search, expected) => {
    expect(readQuery(`http://localhost/x${search}`)).toEqual(expected);
  });

  it("takes names of objects' own for names", () => {
    const values = readQuery("http://x/?__proto__=1&constructor=2&m.__proto__=3&__proto__.a=4");
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
    expect(Object.keys(values)).toEqual(["__proto__", "constructor", "m"]);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});

describe("findNul", () => {
  it.each([
    ["fine", null],
    [null, null],
    [{ a: [1, "b", null, { c: "d" }] }, null],
    ["a\u0000", ""],
    [{ a: "\u0000" }, "a"],
    [{ a: [{ b: "x" }, { b: "x\u0000y" }] }, "a.1.b"],
    [{ "a\u0000b": 1 }, "ab"],
  ])("%j: %j", (value, expected) => {
    expect(findNul(value)).toBe(expected);
  });
});
