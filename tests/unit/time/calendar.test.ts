import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf, daysOf, PERIODS, periodOf } from "@/lib/time/calendar";

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata");
const instant = fc.integer({ min: at("2024-01-01T00:00:00Z"), max: at("2028-01-01T00:00:00Z") });

describe("a day of a zone", () => {
  it.each([
    ["2026-11-25T00:30:00Z", "UTC", "2026-11-25", 2, 24],
    ["2026-11-25T00:30:00Z", "America/New_York", "2026-11-24", 1, 24],
    ["2026-03-29T12:00:00Z", "Europe/Berlin", "2026-03-29", 6, 23],
    ["2026-10-25T12:00:00Z", "Europe/Berlin", "2026-10-25", 6, 25],
  ])("that holds %s in %s", (text, tz, date, weekday, hours) => {
    const day = dayOf(at(text), tz);
    expect(day).toMatchObject({ date, weekday });
    expect((day.toMs - day.fromMs) / HOUR).toBe(hours);
  });

  it("holds the instant, and the next begins where it ends", () => {
    fc.assert(
      fc.property(instant, zone, (ms, tz) => {
        const day = dayOf(ms, tz);
        expect(day.fromMs <= ms && ms < day.toMs).toBe(true);
        expect(dayOf(day.toMs, tz).fromMs).toBe(day.toMs);
        expect(dayOf(day.toMs, tz).weekday).toBe((day.weekday + 1) % 7);
      }),
    );
  });
});

describe("a period", () => {
  it.each([
    ["day", "2026-11-25T10:00:00Z", "2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z"],
    ["week", "2026-11-25T10:00:00Z", "2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z"],
    ["week", "2026-11-22T23:00:00Z", "2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z"],
    ["month", "2026-11-25T10:00:00Z", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"],
    ["month", "2026-10-26T10:00:00Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"],
    ["month", "2028-02-29T10:00:00Z", "2028-01-31T23:00:00Z", "2028-02-29T23:00:00Z"],
  ] as const)("%s around %s", (period, now, from, to) => {
    expect(periodOf(period, at(now), "Europe/Berlin")).toEqual({ fromMs: at(from), toMs: at(to) });
  });

  it("holds the instant, begins and ends with whole days, and so do its days one after the other", () => {
    fc.assert(
      fc.property(fc.constantFrom(...PERIODS), instant, zone, (period, ms, tz) => {
        const span = periodOf(period, ms, tz);
        expect(span.fromMs <= ms && ms < span.toMs).toBe(true);
        expect(periodOf(period, span.toMs - 1, tz)).toEqual(span);
        expect(periodOf(period, span.fromMs, tz)).toEqual(span);
        const days = daysOf(span, tz);
        expect(days[0]?.fromMs).toBe(span.fromMs);
        expect(days.at(-1)?.toMs).toBe(span.toMs);
        for (const [index, day] of days.entries())
          expect(day.toMs).toBe(days[index + 1]?.fromMs ?? span.toMs);
        const counts = { day: [1], week: [7], month: [28, 29, 30, 31] };
        expect(counts[period]).toContain(days.length);
      }),
    );
  });
});
