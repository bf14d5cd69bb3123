import { describe, expect, it } from "vitest";
import { chosenParams, groupParams, parseChosen } from "@/components/costs/prepare";
import {
  CAUSE_WORDS,
  listWords,
  moneyWords,
  signedNanos,
  signedRatio,
} from "@/components/costs/words";
import { RECONCILE_CAUSES } from "@/lib/costs/drift-causes";
import { parseScope } from "@/lib/time/range";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const read = (text: string) => {
  const params = new URLSearchParams(text);
  return (name: string) => params.get(name);
};

describe("what the URL chooses", () => {
  it.each([
    ["", { show: "drift" }],
    ["show=tokens&agent=agent_A", { show: "tokens", agent: "agent_A" }],
    ["cause=missing_thread", { show: "drift", cause: "missing_thread" }],
    ["cause=weather&show=all&agent=", { show: "drift" }],
  ])("%j", (text, chosen) => {
    expect(parseChosen(read(text))).toEqual(chosen);
  });

  it("becomes parameters of the API, with the range as it is at that moment", () => {
    const day = parseScope(read(""));
    const chosen = chosenParams(day, { show: "drift", cause: "price" }, NOW);
    expect(chosen.toString()).toBe(
      "from=2026-11-24T12%3A00%3A00.000Z&to=2026-11-25T12%3A00%3A00.000Z&show=drift&cause=price",
    );
    expect(groupParams(parseScope(read("range=all")), "agent", NOW).toString()).toBe("by=agent");
  });
});

describe("words", () => {
  it("has a name and a meaning for every cause", () => {
    for (const cause of RECONCILE_CAUSES)
      expect([CAUSE_WORDS[cause].label, CAUSE_WORDS[cause].means].map(Boolean)).toEqual([
        true,
        true,
      ]);
  });

  it.each([
    [moneyWords(412_000_000), "$0.412"],
    [moneyWords(3_233_537_000_000), "$3,233.54"],
    [listWords(210_000_000), "$0.21"],
    [listWords(3_233_540_000_000), "$3,233.54"],
    [listWords(null), "–"],
    [signedNanos(1_200_000), "+$0.0012"],
    [signedNanos(-1_200_000_000), "−$1.20"],
    [signedNanos(0), "$0"],
    [signedRatio(0.012), "+1.2 %"],
    [signedRatio(-1), "−100 %"],
    [signedRatio(0.0001), "< 0.1 %"],
    [signedRatio(null), "–"],
  ])("%s", (words, expected) => {
    expect(words).toBe(expected);
  });
});
