import { expect, it } from "vitest";
import { nextLookMs, RHYTHM, readingOf, retryMs, ringEveryMs } from "@/lib/anthropic/rhythm";

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

const look = { status: "idle", isNews: true, events: 10, hasWebhooks: false, restedMs: 0 };

it.each([
  ["at work", { ...look, status: "running" }, RHYTHM.activeMs],
  [
    "at work, with webhooks",
    { ...look, status: "rescheduling", hasWebhooks: true },
    RHYTHM.activeWithWebhooksMs,
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

it("tries again ever later, ten minutes at most", () => {
  expect([0, 1, 2, 30].map(retryMs)).toEqual([2_000, 4_000, 8_000, 600_000]);
});
