import { describe, expect, it } from "vitest";
import {
  calendarOf,
  cronExpression,
  DAY_US,
  HOUR_US,
  isWeekend,
  runsOf,
  startTimes,
  trafficAt,
  weekdayOf,
} from "@/lib/demo/calendar";
import { Random } from "@/lib/demo/random";

const us = (...parts: [number, number, number, number?, number?]) => Date.UTC(...parts) * 1_000;
const FRIDAY = us(2026, 10, 20, 15, 20);

describe("the calendar", () => {
  it("knows the days of the week", () => {
    expect(weekdayOf(us(2026, 10, 20))).toBe(5);
    expect(isWeekend(us(2026, 10, 21, 23))).toBe(true);
    expect(isWeekend(us(2026, 10, 23))).toBe(false);
    expect(trafficAt(us(2026, 10, 20, 14))).toBeGreaterThan(5 * trafficAt(us(2026, 10, 22, 14)));
  });

  it.each([1, 2, 3, 7, 30, 365])("puts both incidents into the last %i days, apart", (days) => {
    const { badDeploy, overload, fromUs, toUs } = calendarOf(FRIDAY, days);
    for (const incident of [badDeploy, overload]) {
      expect(incident.fromUs).toBeGreaterThanOrEqual(fromUs);
      expect(incident.toUs).toBeLessThanOrEqual(toUs);
    }
    expect(badDeploy.toUs - badDeploy.fromUs).toBe(4 * HOUR_US);
    expect(overload.toUs - overload.fromUs).toBe(HOUR_US);
    expect(badDeploy.fromUs).toBeGreaterThanOrEqual(toUs - 2 * DAY_US);
    expect(overload.toUs).toBeLessThanOrEqual(badDeploy.fromUs);
  });

  it("spreads starts over the stretch, ascending, with a surge", () => {
    const surge = { fromUs: us(2026, 10, 18, 10), toUs: us(2026, 10, 18, 14) };
    const range = { fromUs: us(2026, 10, 16), toUs: us(2026, 10, 21), surge };
    const starts = [...startTimes(range, 5_000, new Random("starts"))];
    expect(starts).toHaveLength(5_000);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts[0]).toBeGreaterThanOrEqual(range.fromUs);
    expect(starts[4_999]).toBeLessThan(range.toUs);
    const between = (from: number, to: number) =>
      starts.filter((start) => start >= from && start < to).length;
    const dayLater = between(surge.fromUs + DAY_US, surge.toUs + DAY_US);
    expect(between(surge.fromUs, surge.toUs)).toBeGreaterThan(1.4 * dayLater);
  });

  it("runs schedules at their minute, on working days where told", () => {
    const schedule = { hours: [8, 12], minute: 5, weekdaysOnly: true };
    expect(cronExpression(schedule)).toBe("5 8,12 * * 1-5");
    expect(cronExpression({ ...schedule, weekdaysOnly: false })).toBe("5 8,12 * * *");
    const runs = runsOf(schedule, { fromUs: us(2026, 10, 20, 9), toUs: us(2026, 10, 24) });
    expect(runs).toEqual([
      us(2026, 10, 20, 12, 5),
      us(2026, 10, 23, 8, 5),
      us(2026, 10, 23, 12, 5),
    ]);
  });
});
