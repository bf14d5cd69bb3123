import { describe, expect, it } from "vitest";
import { problemOf } from "@/lib/auth/passwords";

describe("problemOf", () => {
  it.each([
    ["elevenchars", "short"],
    ["x".repeat(257), "long"],
    ["aaaaaaaaaaaa", "simple"],
    ["abcabcabcabc", "simple"],
    ["123456789012", "simple"],
    ["qwertyuiop123", "simple"],
    ["abcdefghijklm", "simple"],
    ["Password1234", "common"],
    ["P@ssw0rd1234", "common"],
    ["passwordpassword", "common"],
    ["letmein-letmeout", null],
    ["iloveyou2024!", "common"],
    ["Welcome123456", "common"],
    ["admin.admin.2026", "common"],
    ["summer-winter-2025", "common"],
    ["watchkeeper2026", "personal"],
    ["ada.byron.1815", "personal"],
    ["byron@example1", "personal"],
    ["violet anchor mosaic", null],
    ["correct horse battery staple", null],
    ["8f3k2-qq91x-zz02m", null],
    ["Übermäßig lange Wörter", null],
  ])("of %s is %s", (password, problem) => {
    expect(problemOf(password, ["ada@example.com", "Ada Byron"])).toBe(problem);
  });
});
