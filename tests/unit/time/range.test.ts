import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparedSpan, parseScope, rangeWords, resolveRange, scopeParams } from "@/lib/time/range";
import { instantOfWallClock, startOfDay, wallClock } from "@/lib/time/zone";

const read = (text: string) => {
  const params = new URLSearchParams(text);
  return parseScope((name) => params.get(name));
};
const NOW = Date.UTC(2026, 10, 20, 14, 0);
const HOUR = 3_600_000;

describe("scope in the URL", () => {
  it.each([
    ["", { range: { kind: "preset", preset: "24h" }, compare: "previous", tz: null }],
    [
      "range=7d&compare=week&tz=Asia/Tokyo",
      { range: { kind: "preset", preset: "7d" }, compare: "week", tz: "Asia/Tokyo" },
    ],
    [
      "range=nonsense&compare=x&tz=Moon/Base",
      { range: { kind: "preset", preset: "24h" }, compare: "previous", tz: null },
    ],
    [
      "from=2026-11-20T12:00:00Z&to=2026-11-20T13:00:00Z",
      {
        range: { kind: "fixed", fromMs: NOW - 2 * HOUR, toMs: NOW - HOUR },
        compare: "previous",
        tz: null,
      },
    ],
    [
      "from=2026-11-20T13:00:00Z&to=2026-11-20T12:00:00Z&range=1h",
      { range: { kind: "preset", preset: "1h" }, compare: "previous", tz: null },
    ],
  ])("%s", (text, scope) => expect(read(text)).toEqual(scope));

  it.each([
    "",
    "range=7d",
    "range=all&compare=none",
    "from=2026-11-20T12:00:00.000Z&to=2026-11-20T13:00:00.000Z&tz=UTC",
  ])("%s is written as it was read", (text) => {
    const params = Object.entries(scopeParams(read(text))).flatMap(([name, value]) =>
      value === null ? [] : [[name, value]],
    );
    expect(Object.fromEntries(params)).toEqual(Object.fromEntries(new URLSearchParams(text)));
  });
});

describe("instants of a range", () => {
  it("moves with the clock", () => {
    expect(resolveRange({ kind: "preset", preset: "1h" }, NOW)).toEqual({
      fromMs: NOW - HOUR,
      toMs: NOW,
    });
  });
  it("has none for all time", () =>
    expect(resolveRange({ kind: "preset", preset: "all" }, NOW)).toBeNull());
  it.each([
    ["previous", HOUR],
    ["day", 24 * HOUR],
    ["week", 168 * HOUR],
  ] as const)("compared with %s it lies %d ms back", (compare, back) => {
    expect(comparedSpan({ fromMs: NOW - HOUR, toMs: NOW }, compare)).toEqual({
      fromMs: NOW - HOUR - back,
      toMs: NOW - back,
    });
  });
  it("compares with nothing when told so", () =>
    expect(comparedSpan({ fromMs: 0, toMs: 1 }, "none")).toBeNull());
  it("has words", () => {
    expect(rangeWords({ kind: "preset", preset: "24h" }, String)).toBe("last 24 h");
    expect(rangeWords({ kind: "preset", preset: "all" }, String)).toBe("all time");
    expect(rangeWords({ kind: "fixed", fromMs: 1, toMs: 2 }, String)).toBe("1 – 2");
  });
});

describe("clocks of a zone", () => {
  it.each([
    ["2026-11-20T14:00:00", "UTC", NOW],
    ["2026-11-20T15:00:00", "Europe/Berlin", NOW],
    ["2026-11-20T19:30:00", "Asia/Kolkata", NOW],
    ["2026-10-25T03:30:00", "Europe/Berlin", Date.UTC(2026, 9, 25, 2, 30)],
  ])("%s in %s", (text, tz, atMs) => {
    expect(instantOfWallClock(text, tz)).toBe(atMs);
    expect(wallClock(atMs, tz)).toBe(text);
  });
  it("refuses what is no instant", () => expect(instantOfWallClock("soon", "UTC")).toBeNull());
  it("finds midnight", () =>
    expect(startOfDay(NOW, "America/New_York")).toBe(Date.UTC(2026, 10, 20, 5)));
  it("returns every instant outside the hour that clocks repeat", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (seconds) => {
        const atMs = seconds * 1000;
        const there =
          instantOfWallClock(wallClock(atMs, "America/New_York"), "America/New_York") ?? 0;
        expect(Math.abs(there - atMs)).toBeLessThanOrEqual(HOUR);
        expect(wallClock(there, "America/New_York")).toBe(wallClock(atMs, "America/New_York"));
      }),
    );
  });
});
