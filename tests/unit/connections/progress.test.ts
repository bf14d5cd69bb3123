import { expect, it } from "vitest";
import { type History, progressOf } from "@/lib/connections/progress";

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 10, 20);
const days = (count: number) => START_MS - count * DAY_MS;

/** A minute's work has brought a quarter of forty days. */
const QUARTER: History = {
  sessions: 300,
  events: 60_000,
  busyMs: 60_000,
  startedMs: START_MS,
  reachedMs: days(10),
  oldestMs: days(40),
};

it("tells rate, share and time left from what is in", () => {
  expect(progressOf(QUARTER)).toEqual({
    share: 0.25,
    sessionsPerMinute: 300,
    eventsPerMinute: 60_000,
    secondsLeft: 180,
  });
});

it.each<[string, Partial<History>, object]>([
  ["nothing has been read", { startedMs: null, reachedMs: null }, { share: null }],
  ["no page is done", { reachedMs: null }, { share: null, secondsLeft: null }],
  [
    "the beginning is not known",
    { oldestMs: null },
    { share: null, secondsLeft: null, sessionsPerMinute: 300 },
  ],
  [
    "what came is older than the oldest",
    { reachedMs: days(41) },
    { share: null, secondsLeft: null },
  ],
  ["the first page is newer than the start", { reachedMs: days(-1) }, { share: null }],
  ["there is no time to be read", { oldestMs: START_MS }, { share: null, secondsLeft: null }],
  [
    "it has only begun",
    { busyMs: 9_999 },
    { share: 0.25, secondsLeft: null, sessionsPerMinute: null, eventsPerMinute: null },
  ],
  ["too little is in to go by", { reachedMs: days(0.7) }, { share: 0.0175, secondsLeft: null }],
  ["all is in", { reachedMs: days(40) }, { share: 1, secondsLeft: 0 }],
])("when %s", (_, change, wanted) => {
  expect(progressOf({ ...QUARTER, ...change })).toMatchObject(wanted);
});
