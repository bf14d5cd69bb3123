import fc from "fast-check";
import { expect, it } from "vitest";
import { paceOf, verdictOf } from "@/lib/anthropic/pace";

it.each([10, 60, 120, 240, 1_200])(
  "spreads %i reads a minute so that no minute holds more",
  (limit) => {
    const { intervalMs, aheadMs } = paceOf(limit);
    const most = Math.floor((60_000 + aheadMs) / intervalMs) + 1;
    expect(most).toBeLessThanOrEqual(limit);
    expect(60_000 / intervalMs).toBeGreaterThanOrEqual(limit * 0.95);
  },
);

const answer = (
  status: number,
  headers: Record<string, string> = {},
  errorCode: string | null = null,
) => ({
  status,
  header: (name: string) => headers[name] ?? null,
  errorCode,
});

it.each([
  ["an answer", answer(200), 0, { kind: "go" }],
  ["a server's own trouble", answer(529), 0, { kind: "go" }],
  ["a wrong key", answer(401), 0, { kind: "stop" }],
  ["a billing problem", answer(402), 0, { kind: "stop" }],
  ["a spend limit", answer(429, {}, "enforced_spend_limit_reached"), 0, { kind: "stop" }],
  ["429 with a time", answer(429, { "retry-after": "7" }), 3, { kind: "wait", ms: 7_000 }],
  ["429 without one", answer(429), 0, { kind: "wait", ms: 1_000 }],
  ["the fourth in a row", answer(429), 3, { kind: "wait", ms: 8_000 }],
  [
    "hardly anything left for the organization",
    answer(200, {
      "anthropic-ratelimit-requests-limit": "1200",
      "anthropic-ratelimit-requests-remaining": "40",
      "anthropic-ratelimit-requests-reset": "1970-01-01T00:00:05Z",
    }),
    0,
    { kind: "wait", ms: 5_000 },
  ],
])("%s", (_, given, refusals, expected) => {
  expect(verdictOf(given, refusals, 0)).toEqual(expected);
});

it("waits for five minutes at most, however often it was refused", () => {
  fc.assert(
    fc.property(fc.nat(), fc.option(fc.nat().map(String)), (refusals, after) => {
      const verdict = verdictOf(
        answer(429, after === null ? {} : { "retry-after": after }),
        refusals,
        0,
      );
      expect(verdict.kind === "wait" && verdict.ms >= 1_000 && verdict.ms <= 300_000).toBe(true);
    }),
  );
});
