import { expect, it } from "vitest";
import {
  isJustListed,
  nextLookMs,
  RHYTHM,
  readingOf,
  retryOf,
  ringEveryMs,
} from "@/lib/anthropic/rhythm";

const known = { status: "idle", readUpdatedAt: "t1", watermark: "w", events: 10, isWhole: true };
const whole = { lists: "whole", threads: "all" };

it.each([
  ["never read", { ...known, isWhole: false }, { status: "idle", updatedAt: "t1" }, whole],
  [
    "at work",
    known,
    { status: "running", updatedAt: "t2" },
    { lists: "since", threads: "changed" },
  ],
  [
    "come to rest",
    { ...known, status: "running" },
    { status: "idle", updatedAt: "t2" },
    { lists: "whole", threads: "changed" },
  ],
  [
    "come to rest, large",
    { ...known, status: "running", events: 9_000 },
    { status: "idle", updatedAt: "t2" },
    { lists: "since", threads: "changed" },
  ],
  ["once more after it rested", known, { status: "idle", updatedAt: "t1" }, whole],
])("a session %s", (_, given, object, expected) => {
  expect(readingOf(given, object)).toEqual(expected);
});

const look = {
  ...{ status: "idle", isNews: true, events: 10 },
  ...{ hasWebhooks: false, active: 50, restedMs: 0 },
};

it.each([
  ["at work", { ...look, status: "running" }, RHYTHM.activeMs],
  [
    "at work, with webhooks",
    { ...look, status: "rescheduling", hasWebhooks: true },
    RHYTHM.activeWithWebhooksMs,
  ],
  [
    "at work with few others, with webhooks",
    { ...look, status: "running", hasWebhooks: true, active: 20 },
    48_000,
  ],
  [
    "at work alone, with webhooks",
    { ...look, status: "running", hasWebhooks: true, active: 1 },
    RHYTHM.activeMs,
  ],
  ["just come to rest", look, RHYTHM.settleMs],
  ["just come to rest, large", { ...look, events: 9_000 }, RHYTHM.settleLargeMs],
  ["at rest and read once more", { ...look, isNews: false }, null],
  ["of long ago", { ...look, restedMs: 2 * RHYTHM.settledMs }, null],
])("a session %s is looked at again", (_, given, expected) => {
  expect(nextLookMs(given, RHYTHM)).toBe(expected);
});

it("sweeps a large fleet less often than a small one", () => {
  const ring = { kind: "ring_day", ageMs: 1, everyMs: 600_000 };
  expect(ringEveryMs(ring, 10, 240)).toBe(600_000);
  expect(ringEveryMs(ring, 1_920, 240)).toBe(6_000_000);
});

it.each([
  ["not_the_api", 0, { failures: 1, retryMs: 2_000 }],
  ["not_the_api", 2, { failures: 3, retryMs: 8_000 }],
  ["not_the_api", 30, { failures: 31, retryMs: 600_000 }],
  ["network", 1, { failures: 2, retryMs: 4_000 }],
  // A platform that was down for hours is read within half a minute of its return.
  ["network", 30, { failures: 31, retryMs: 30_000 }],
  ["rate_limited", 3, { failures: 3, retryMs: 2_000 }],
] as const)("tries again after %s, %i failures before", (reason, failures, expected) => {
  expect(retryOf(reason, failures, RHYTHM)).toEqual(expected);
});

it.each([
  ["a moment ago", { listedAgoMs: 12_000 }, true],
  ["too long ago", { listedAgoMs: 16_000 }, false],
  ["at rest", { listedStatus: "idle" }, false],
  ["as it was before it was last read", { updatedAt: "t0" }, false],
  ["and was never read whole", { isWhole: false }, false],
])("knows a session by a list that named it %s: %o", (_, given, expected) => {
  const listed = { listedStatus: "running", listedAgoMs: 0, updatedAt: "t1" };
  const known = { isWhole: true, readUpdatedAt: "t1", ...listed, ...given };
  expect(isJustListed(known, { rhythm: RHYTHM, hasWebhooks: false })).toBe(expected);
});
