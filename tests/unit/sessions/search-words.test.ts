import { expect, it } from "vitest";
import { likeText, parseSearch } from "@/lib/sessions/search-words";

const none = { words: null, phrases: [], prefix: null, id: null };
it.each([
  ["", none],
  ["  ", none],
  ["fix", { ...none, prefix: "fix", id: "fix" }],
  ["fix ", { ...none, words: "fix", id: "fix" }],
  ["fix the bui", { ...none, words: "fix the", prefix: "bui" }],
  ['"disk full"', { ...none, phrases: ["disk full"] }],
  [
    'fix "disk full" "out of" inv',
    { words: "fix", phrases: ["disk full", "out of"], prefix: "inv", id: null },
  ],
  ['fix "disk fu', { ...none, words: "fix disk", prefix: "fu" }],
  ['""', none],
  ['" "', none],
  ["sesn_01ABC", { ...none, prefix: "sesn_01ABC", id: "sesn_01ABC" }],
  [" sesn_01ABC ", { ...none, words: "sesn_01ABC", id: "sesn_01ABC" }],
  ["ab", { ...none, prefix: "ab" }],
  ["a\tb\nc", { ...none, words: "a b", prefix: "c" }],
])("%j", (text, expected) => {
  expect(parseSearch(text)).toEqual(expected);
});

it("quotes what LIKE would read as a sign", () => {
  expect(likeText("100%_a\\b")).toBe("100\\%\\_a\\\\b");
});
