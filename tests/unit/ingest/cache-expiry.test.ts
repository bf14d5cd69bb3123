import { describe, expect, it } from "vitest";
import {
  CHILD,
  event,
  idle,
  inThread,
  modelUsage,
  requestEnd,
  running,
  usAt,
} from "@/tests/support/events";
import { fold } from "@/tests/support/folding";

/** Ends at so many seconds, having written and read so many tokens of the cache. */
const ended = (seconds: number, write: number, read: number, fields = {}) =>
  requestEnd(`r${seconds}`, seconds, [10, 5, read, write], fields);
const expiries = (...items: Parameters<typeof fold>) =>
  Object.values(fold(...items).spans).filter(({ kind }) => kind === "expiry");

describe("what a request writes again because the cache had not kept it", () => {
  it("is a span over the gap, with the tokens that were held and not read", () => {
    const found = expiries(
      running(0),
      ended(10, 1000, 0),
      ended(20, 100, 1000),
      ended(400, 1300, 0),
    );
    expect(found).toMatchObject([
      {
        threadId: "",
        startedUs: usAt(20),
        endedUs: usAt(400),
        tokens: { input: 0, cacheWrite: 1100, cacheRead: 0, output: 0 },
      },
    ]);
  });

  it("carries the speed that the request reports, at which it is priced", () => {
    const model_usage = { ...modelUsage(10, 5, 0, 1000), speed: "fast" };
    const found = expiries(running(0), ended(10, 1000, 0), ended(400, 0, 0, { model_usage }));
    expect(found).toMatchObject([{ attributes: { speed: "fast" } }]);
  });

  it.each([
    ["within five minutes", [ended(10, 1000, 0), ended(310, 1100, 0)]],
    ["what was still read", [ended(10, 1000, 0), ended(400, 200, 1000)]],
    ["the first write", [ended(10, 0, 0), ended(400, 1000, 0)]],
    ["a request that failed", [ended(10, 1000, 0), ended(400, 1000, 0, { is_error: true })]],
    [
      "after a compaction, which makes another prompt",
      [ended(10, 1000, 0), event("agent.thread_context_compacted", 300), ended(400, 900, 0)],
    ],
    [
      "a copy of another thread's",
      [ended(10, 1000, 0), ended(400, 1000, 0, { session_thread_id: CHILD })],
    ],
  ])("is not %s", (_, items) => {
    expect(expiries(running(0), ...items)).toEqual([]);
  });

  it("counts only what was held, and what was not read of it", () => {
    expect(expiries(running(0), ended(10, 1000, 0), ended(400, 5000, 400))).toMatchObject([
      { tokens: { cacheWrite: 600 } },
    ]);
  });

  it("is each thread's own, and the same in any order", () => {
    const items = [
      running(0),
      ended(10, 1000, 0),
      ...inThread(CHILD, ended(20, 500, 0), ended(390, 500, 0)),
      ended(400, 1000, 0),
      idle(401),
    ];
    const found = expiries(...items);
    expect(found.map(({ threadId, tokens }) => [threadId, tokens?.cacheWrite]).sort()).toEqual([
      ["", 1000],
      [CHILD, 500],
    ]);
    expect(expiries(...[...items].reverse())).toEqual(expect.arrayContaining(found));
  });
});
