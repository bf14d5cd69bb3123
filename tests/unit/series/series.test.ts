import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bucketAt,
  drawnTimes,
  highest,
  niceTicks,
  stackSeries,
  timeTicks,
  totalOf,
} from "@/lib/series";

const HOUR = 3_600_000;
const series = (key: string, values: (number | null)[]) => ({
  key,
  label: key,
  color: "red",
  values,
});

describe("stacks", () => {
  const two = [series("a", [1, null, 3]), series("b", [2, 5, null])];

  it("stands one series on the other and gives gaps no height", () => {
    expect(stackSeries(two)).toEqual([
      [
        { base: 0, top: 1 },
        { base: 0, top: 0 },
        { base: 0, top: 3 },
      ],
      [
        { base: 1, top: 3 },
        { base: 0, top: 5 },
        { base: 3, top: 3 },
      ],
    ]);
  });

  it("knows its highest point, stacked and side by side", () => {
    expect(highest(two, true)).toBe(5);
    expect(highest([series("a", [4, 1]), series("b", [4, 1])], true)).toBe(8);
    expect(highest([series("a", [4, 1]), series("b", [4, 1])], false)).toBe(4);
    expect(highest([], true)).toBe(0);
  });

  it("sums what is known; nothing known is not zero", () => {
    expect(totalOf({ values: [1, null, 2] })).toBe(3);
    expect(totalOf({ values: [1, null, 2], total: 2 })).toBe(2);
    expect(totalOf({ values: [null, null] })).toBeNull();
  });
});

describe("ticks of values", () => {
  it.each([
    [0, false, [0, 1]],
    [1, true, [0, 1]],
    [3, true, [0, 1, 2, 3]],
    [47, true, [0, 20, 40, 60]],
    [0.02, false, [0, 0.005, 0.01, 0.015, 0.02]],
  ])("up to %d (whole: %s) are %j", (max, whole, ticks) => {
    const found = niceTicks(max, 4, whole);
    expect(found).toHaveLength(ticks.length);
    for (const [index, tick] of ticks.entries()) expect(found[index]).toBeCloseTo(tick, 12);
  });

  it("reach the highest point and are few, whatever it is", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), fc.boolean(), (max, whole) => {
        const ticks = niceTicks(max, 4, whole);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(max * 0.999);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe("ticks of time", () => {
  const day = { fromMs: Date.UTC(2026, 10, 19, 13, 20), toMs: Date.UTC(2026, 10, 20, 13, 20) };

  it("stand at round hours of the zone", () => {
    expect(
      timeTicks(day, "UTC", 7).map((tick) => new Date(tick.atMs).toISOString().slice(5, 16)),
    ).toEqual(["11-19T18:00", "11-20T00:00", "11-20T06:00", "11-20T12:00"]);
    expect(timeTicks(day, "Asia/Kolkata", 7)[0]?.atMs).toBe(Date.UTC(2026, 10, 19, 18, 30));
  });

  it("name the day at midnight", () => {
    expect(timeTicks(day, "UTC", 7).map((tick) => tick.style)).toEqual([
      "minute",
      "day",
      "minute",
      "minute",
    ]);
  });

  it("stay at wall-clock midnight over a change of the clocks", () => {
    const week = { fromMs: Date.UTC(2026, 9, 22), toMs: Date.UTC(2026, 9, 29) };
    const ticks = timeTicks(week, "Europe/Berlin", 7).map((tick) =>
      new Date(tick.atMs).toISOString().slice(8, 16),
    );
    expect(ticks).toContain("24T22:00");
    expect(ticks).toContain("26T23:00");
  });

  it("are never more than asked for, and inside the window", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60_000, max: 400 * 24 * HOUR }),
        fc.integer({ min: 0, max: 2e12 }),
        (length, fromMs) => {
          const window = { fromMs, toMs: fromMs + length };
          const ticks = timeTicks(window, "America/New_York", 7);
          expect(ticks.length).toBeLessThanOrEqual(8);
          for (const { atMs } of ticks) {
            expect(atMs).toBeGreaterThanOrEqual(window.fromMs);
            expect(atMs).toBeLessThanOrEqual(window.toMs);
          }
        },
      ),
    );
  });
});

describe("buckets", () => {
  const data = { fromMs: 0, toMs: 4 * HOUR, stepMs: HOUR, times: [0, HOUR, 3 * HOUR], series: [] };
  it.each([
    [0, 0],
    [HOUR - 1, 0],
    [HOUR, 1],
    [2 * HOUR + 1, -1],
    [4 * HOUR, -1],
  ])("instant %d lies in bucket %d", (at, index) => expect(bucketAt(data, at)).toBe(index));
});

it("a first bucket that is cut short is drawn as wide as the others", () => {
  expect(drawnTimes([7, 10, 20], 10)).toEqual([0, 10, 20]);
  expect(drawnTimes([7], 10)).toEqual([7]);
});
