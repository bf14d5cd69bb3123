import { describe, expect, it } from "vitest";
import { problemOf } from "@/lib/auth/password-service";

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
    ["letmein-letmeout", "common"],
    ["iloveyou2024!", "common"],
    ["Welcome123456", "common"],
    ["admin.admin.2026", "common"],
    ["summer-winter-2025", "common"],
    ["zaq12wsxcde3", "common"],
    ["1qazxsw23edc", "common"],
    ["liverpool123", "common"],
    ["minecraft123", "common"],
    ["alexander123", "common"],
    ["christopher1", "common"],
    ["samantha1234", "common"],
    ["motherfucker", "common"],
    ["gfhjkm123456", "common"],
    ["ghbdtn123456", "common"],
    ["Passwort12345", "common"],
    ["watchkeeper2026", "personal"],
    ["ada.byron.1815", "personal"],
    ["byron@example1", "personal"],
    ["violet anchor mosaic", null],
    ["correct horse battery staple", null],
    ["a b c d ".repeat(30).trim(), "common"],
    ["nobody has said this ".repeat(12).trim(), null],
    ["8f3k2-qq91x-zz02m", null],
    ["Übermäßig lange Wörter", null],
  ])("of %s is %s", async (password, problem) => {
    expect(await problemOf(password, ["ada@example.com", "Ada Byron"])).toBe(problem);
  });
});
