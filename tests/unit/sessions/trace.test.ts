import { describe, expect, it } from "vitest";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { costlySteps } from "@/lib/sessions/costly";
import { costOfSpan, type Pricing } from "@/lib/sessions/span-cost";
import { type Placed, parentFinder, publicAttributes, shownState } from "@/lib/sessions/trace";

const span = (id: string, startUs: number, endUs: number | null, threadId = ""): Placed => ({
  id,
  kind: { t: "turn", r: "model_request", c: "tool", a: "approval", e: "outcome_evaluation" }[
    id.charAt(0)
  ] as string,
  threadId,
  startUs,
  endUs,
});

describe("parentFinder", () => {
  const possible = [
    span("t1", 0, 100),
    span("r1", 10, 30),
    span("r2", 30, 50),
    span("r3", 60, null),
    span("t2", 100, null),
    span("r4", 110, 120),
    span("t9", 20, 90, "child"),
    span("r9", 25, 80, "child"),
    span("c0", 5, 6),
  ];
  it.each([
    ["a request in its turn", span("r", 10, 30), "t1"],
    ["a call during its request", span("c", 20, 25), "r1"],
    ["a call at its request's end", span("c", 50, 55), "r2"],
    ["a call where one request ends and the next begins", span("c", 30, 35), "r1"],
    ["a call between requests", span("c", 55, 56), "t1"],
    ["a call during a request left open", span("c", 99, 101), "r3"],
    ["a call in a later turn", span("c", 115, 130), "r4"],
    ["a call of the child thread", span("c", 26, 27, "child"), "r9"],
    ["work of the child after its turn", span("r", 95, 96, "child"), null],
    ["work of a thread without turns", span("r", 26, 27, "other"), null],
    ["work before any turn", span("r", -5, 1), null],
    ["work where a turn begins", span("e", 100, 105), "t2"],
    ["a turn", span("t", 10, 20), null],
  ])("%s", (_, child, parent) => {
    expect(parentFinder(possible)(child, null)).toBe(parent);
    expect(parentFinder([...possible].reverse())(child, null)).toBe(parent);
  });
  it("an approval at its tool", () => {
    expect(parentFinder([])(span("a", 1, 2), "call")).toBe("call");
  });
});

describe("shownState", () => {
  it.each([
    ["ok", 0, 5, true, "ok"],
    ["open", 0, null, false, "open"],
    ["open", 0, 0, false, "open"],
    ["open", 5, 0, false, "open"],
    ["open", 0, 5, false, "unknown"],
    ["open", 5, 0, true, "unknown"],
    ["denied", 0, 5, false, "denied"],
  ] as const)("%s begun at %i, newest turn %s, ended %s", (state, startUs, turn, ended, shown) => {
    expect(shownState({ state, startUs, newestTurnUs: turn, sessionEnded: ended })).toBe(shown);
  });
});

it("keeps ingest's own notes inside", () => {
  expect(publicAttributes({ speed: "fast", _waits: [], "": 1 })).toEqual({ speed: "fast", "": 1 });
});

describe("costOfSpan", () => {
  const own = (model: string | null) => ({ model, geo: null, speed: null });
  const pricing: Pricing = {
    split: { write5m: 1, write1h: 1 },
    session: { ...own("claude-sonnet-5"), geo: "us" },
    threads: new Map([
      ["", own(null)],
      ["child", own("claude-haiku-4-5")],
      ["strange", own("model-of-tomorrow")],
    ]),
    book: PRICE_BOOK,
  };
  const tokens = { input: 1000, cacheWrite: 100, cacheRead: 0, output: 10 };
  const request = { kind: "model_request", threadId: "", tokens, speed: null, atUs: null };
  it.each([
    // $2 input, $2.50 and $4 writes, $10 output a million, 1.1 times in the US.
    ["the session's model", request, { nanos: 2_667_500, unpricedTokens: 0 }],
    // $1, $1.25 and $2, $5; no surcharge for this model.
    [
      "a thread's own model",
      { ...request, threadId: "child" },
      { nanos: 1_212_500, unpricedTokens: 0 },
    ],
    [
      "an unknown thread like the session",
      { ...request, threadId: "new" },
      { nanos: 2_667_500, unpricedTokens: 0 },
    ],
    [
      "an unknown model not at all",
      { ...request, threadId: "strange" },
      { nanos: 0, unpricedTokens: 1110 },
    ],
    [
      "a grader like its thread",
      { ...request, kind: "outcome_evaluation" },
      { nanos: 2_667_500, unpricedTokens: 0 },
    ],
    ["a tool costs nothing", { ...request, kind: "tool" }, null],
    ["no tokens, no cost", { ...request, tokens: null }, null],
  ])("%s", (_, priced, expected) => {
    expect(costOfSpan(priced, pricing)).toEqual(expected);
  });
});

describe("costlySteps", () => {
  const steps = (prices: number[]) =>
    prices.map((nanos, at) => ({ id: `${at}`, eventId: `${at}`, threadId: "", at: "", nanos }));
  it.each([
    [[], []],
    [[0, 0], []],
    [[5], ["0"]],
    [[1, 9, 2], ["1"]],
    [
      [9, 1, 9],
      ["0", "2"],
    ],
    [Array.from({ length: 40 }, (_, index) => index), ["38", "39"]],
  ])("of %j", (prices, ids) => {
    expect(costlySteps(steps(prices)).map(({ id }) => id)).toEqual(ids);
  });
});
