import { expect, it } from "vitest";
import { ROLES } from "@/lib/auth/roles";
import { inFours, isRequiredOf, readCode, waitAfter } from "@/lib/auth/second-factor";

it("is required of those it says", () => {
  const of = (requirement: "nobody" | "admins" | "everybody") =>
    ROLES.filter((role) => isRequiredOf(role, requirement));
  expect(of("nobody")).toEqual([]);
  expect(of("admins")).toEqual(["admin"]);
  expect(of("everybody")).toEqual([...ROLES]);
});

it.each([
  [0, 0],
  [4, 0],
  [5, 60],
  [6, 120],
  [10, 1_920],
  [11, 3_600],
  [5_000, 3_600],
])("after %s wrong codes waits %s s", (failures, seconds) => {
  expect(waitAfter(failures)).toBe(seconds);
});

it("leaves whoever knows a password a few dozen tries a day", () => {
  let [tries, seconds] = [0, 0];
  while (seconds < 86_400) seconds += waitAfter(++tries);
  expect(tries).toBeLessThan(40);
});

it.each([
  ["123456", { kind: "app", code: "123456" }],
  [" 123 456\n", { kind: "app", code: "123456" }],
  ["12345", { kind: "backup", code: "12345" }],
  ["ABCD-efgh 2345-6777", { kind: "backup", code: "abcdefgh23456777" }],
  ["", { kind: "backup", code: "" }],
])("reads %j as %j", (text, read) => {
  expect(readCode(text)).toEqual(read);
});

it.each([
  ["abcdefghij", "abcd-efgh-ij"],
  ["", ""],
])("puts %j into fours", (text, grouped) => {
  expect(inFours(text, "-")).toBe(grouped);
});
