import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { missedOf, type Told } from "@/lib/connections/gaps";

const SECOND_US = 1_000_000;
const NOON_US = Date.UTC(2026, 10, 20, 12) * 1000;

const told = (seconds: number, more: Partial<Told> = {}): Told => ({
  sessionId: "sesn_1",
  threadId: null,
  type: "session.status_idled",
  atUs: NOON_US + Math.round(seconds * SECOND_US),
  ...more,
});
const secondsOf = (list: readonly Told[]) => list.map(({ atUs }) => (atUs - NOON_US) / SECOND_US);
const missed = (expected: number[], came: number[]) =>
  secondsOf(
    missedOf(
      expected.map((at) => told(at)),
      came.map((at) => told(at)),
    ),
  );

describe("one session's webhooks of one type", () => {
  it.each<[string, number[], number[], number[]]>([
    ["all came", [0, 10, 20], [0, 10, 20], []],
    ["none came", [0, 10], [], [0, 10]],
    ["nothing was expected", [], [0, 10], []],
    ["one in the middle is missing", [0, 10, 20], [0, 20], [10]],
    ["the first is missing", [0, 10, 20], [10, 20], [0]],
    ["the last is missing", [0, 10, 20], [0, 10], [20]],
    ["in any order", [0, 10, 20], [20, 0, 10], []],
    ["the other clock is behind", [0, 10, 20], [-1.5, 8.5, 18.5], []],
    ["the other clock is far ahead", [0, 100, 200], [40, 140, 240], []],
    ["a minute is near enough", [0], [60], []],
    ["a minute and more is another event's", [0], [60.001], [0]],
    ["one delivery tells of one event", [0, 0.1], [0.04], [0.1]],
    ["the nearer of two close together is told of", [0, 0.3], [0.3], [0]],
    ["more came than was expected", [10], [0, 9.9, 30], []],
  ])("%s", (_, expected, came, wanted) => {
    expect(missed(expected, came)).toEqual(wanted);
  });
});

it.each<[string, Partial<Told>]>([
  ["another session", { sessionId: "sesn_2" }],
  ["another type", { type: "session.updated" }],
  ["a thread of it", { threadId: "sthr_1" }],
])("%s tells nothing of it", (_, more) => {
  const event = told(0);
  expect(missedOf([event], [told(0, more)])).toEqual([event]);
  expect(missedOf([told(0, more)], [told(0, more)])).toEqual([]);
});

const some = fc.array(
  fc.record({
    atUs: fc.integer({ min: 0, max: 200 }).map((s) => NOON_US + s * SECOND_US),
    sessionId: fc.constantFrom("sesn_1", "sesn_2"),
    type: fc.constantFrom("session.status_idled", "session.updated"),
    threadId: fc.constantFrom(null, "sthr_1"),
  }),
  { maxLength: 40 },
);

it("misses exactly those whose deliveries are lost, when the others came at their time", () => {
  fc.assert(
    fc.property(some, fc.infiniteStream(fc.boolean()), (events, loses) => {
      // Two at one instant cannot be told apart.
      const single = [...new Map(events.map((one) => [JSON.stringify(one), one])).values()];
      const lost = new Set(single.filter(() => loses.next().value));
      const came = single.filter((one) => !lost.has(one)).map((one) => ({ ...one }));
      expect(missedOf(single, came.reverse())).toEqual(single.filter((one) => lost.has(one)));
    }),
  );
});

it("never joins more events than deliveries came", () => {
  fc.assert(
    fc.property(some, some, (events, came) => {
      const left = missedOf(events, came).length;
      expect(events.length - left).toBeLessThanOrEqual(came.length);
      expect(missedOf(events, [...came, ...events])).toEqual([]);
    }),
  );
});
