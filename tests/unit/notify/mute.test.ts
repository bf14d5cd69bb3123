import { describe, expect, it } from "vitest";
import { isMuted, isWithin, nextMinute } from "@/lib/notify/mute";
import { NewMuteTiming } from "@/lib/notify/mute-schema";

const timing = (tz: string, ...intervals: unknown[]) =>
  NewMuteTiming.parse({ name: "t", tz, intervals });

describe("S46: mute timings as Alertmanager has them", () => {
  const evenings = timing("Australia/Sydney", {
    times: [
      { from: "00:00", to: "09:00" },
      { from: "17:00", to: "24:00" },
    ],
  });
  const weekends = timing("Australia/Sydney", { weekdays: [{ from: "saturday", to: "sunday" }] });

  // Sydney is eleven hours ahead of UTC in January.
  it.each([
    ["Mon 2024-01-01 00:00 Sydney", "2023-12-31T13:00:00Z", ["evenings"]],
    ["Mon 2024-01-01 09:00 Sydney", "2023-12-31T22:00:00Z", []],
    ["Sat 2024-01-06 10:00 Sydney", "2024-01-05T23:00:00Z", ["weekends"]],
    ["Sat 2024-01-06 17:00 Sydney", "2024-01-06T06:00:00Z", ["evenings", "weekends"]],
    ["Mon 2024-01-01 10:00 UTC", "2024-01-01T10:00:00Z", ["evenings"]],
    ["Sat 2024-01-06 10:00 UTC", "2024-01-06T10:00:00Z", ["evenings", "weekends"]],
  ])("%s", (_, at, expected) => {
    const found = Object.entries({ evenings, weekends })
      .filter(([, each]) => isWithin(each, Date.parse(at)))
      .map(([name]) => name);
    expect(found).toEqual(expected);
  });

  const days = (tz: string, from: number, to: number, months?: object) =>
    timing(tz, { days_of_month: [{ from, to }], ...(months ? { months: [months] } : {}) });

  it.each([
    ["31 Jan, days −3:−1", days("UTC", -3, -1), "2024-01-31T12:00:00Z", true],
    ["27 Jan", days("UTC", -3, -1), "2024-01-27T12:00:00Z", false],
    ["29 Feb 2020", days("UTC", -3, -1), "2020-02-29T12:00:00Z", true],
    ["1 Mar", days("UTC", -3, -1), "2020-03-01T12:00:00Z", false],
    [
      "31 Mar 2021 12:00 New York, day −1",
      days("America/New_York", -1, -1),
      "2021-03-31T16:00:00Z",
      true,
    ],
    ["30 Mar", days("America/New_York", -1, -1), "2021-03-30T16:00:00Z", false],
    ["1 June, days −31:31", days("UTC", -31, 31, { from: 6, to: 6 }), "2021-06-01T00:00:00Z", true],
    ["30 June", days("UTC", -31, 31, { from: 6, to: 6 }), "2021-06-30T23:59:00Z", true],
    ["31 May", days("UTC", -31, 31, { from: 6, to: 6 }), "2021-05-31T23:59:00Z", false],
    ["1 July", days("UTC", -31, 31, { from: 6, to: 6 }), "2021-07-01T00:00:00Z", false],
  ])("%s: %#", (_, each, at, expected) => {
    expect(isWithin(each, Date.parse(at))).toBe(expected);
  });
});

describe("intervals", () => {
  it.each([
    ["2024-01-05T12:00:00Z", true], // Friday
    ["2024-01-08T12:00:00Z", true], // Monday
    ["2024-01-10T12:00:00Z", false], // Wednesday
  ])("of weekdays go past Sunday: %s %s", (at, expected) => {
    const each = timing("UTC", { weekdays: [{ from: "friday", to: "monday" }] });
    expect(isWithin(each, Date.parse(at))).toBe(expected);
  });

  it("hold where all their parts do", () => {
    const each = timing("UTC", {
      ...{ times: [{ from: "09:00", to: "17:00" }], months: [{ from: 1, to: 2 }] },
      years: [{ from: 2024, to: 2025 }],
    });
    const at = (text: string) => isWithin(each, Date.parse(text));
    expect(at("2024-02-10T09:00:00Z")).toBe(true);
    expect(at("2024-02-10T16:59:59Z")).toBe(true);
    expect(at("2024-02-10T17:00:00Z")).toBe(false);
    expect(at("2024-03-10T09:00:00Z")).toBe(false);
    expect(at("2026-02-10T09:00:00Z")).toBe(false);
  });

  it("keep their hours when clocks change", () => {
    const each = timing("Europe/Berlin", { times: [{ from: "08:00", to: "09:00" }] });
    expect(isWithin(each, Date.parse("2026-03-28T07:30:00Z"))).toBe(true);
    expect(isWithin(each, Date.parse("2026-03-29T07:30:00Z"))).toBe(false);
    expect(isWithin(each, Date.parse("2026-03-29T06:30:00Z"))).toBe(true);
  });
});

describe("routes", () => {
  const always = timing("UTC", { months: [{ from: 1, to: 12 }] });
  const never = timing("UTC", { years: [{ from: 1970, to: 1970 }] });
  const timings = new Map([
    ["always", always],
    ["never", never],
  ]);
  const now = Date.parse("2026-01-01T00:00:00Z");

  it.each([
    [[], [], false],
    [["always"], [], true],
    [["never"], [], false],
    [["never", "always"], [], true],
    [[], ["always"], false],
    [[], ["never"], true],
    [[], ["never", "always"], false],
    [["gone"], ["gone"], false],
  ])("with mute %j and active %j: %s", (mute_timings, active_timings, expected) => {
    expect(isMuted({ mute_timings, active_timings }, timings, now)).toBe(expected);
  });

  it("are looked at again at the next full minute", () => {
    expect(nextMinute(now)).toBe(now + 60_000);
    expect(nextMinute(now + 59_999)).toBe(now + 60_000);
  });
});
