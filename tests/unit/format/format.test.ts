import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCents,
  formatChange,
  formatCompact,
  formatCount,
  formatDuration,
  formatHours,
  formatInstant,
  formatNanos,
  formatNanosExact,
  formatPercent,
  formatPlural,
  formatPoints,
  formatRelative,
  plain,
} from "@/lib/format";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("money", () => {
  it.each([
    [0, "$0"],
    [1, "<$0.0001"],
    [-1, "−<$0.0001"],
    [5_200_000, "$0.0052"],
    [9_999_999, "$0.0100"],
    [412_000_000, "$0.412"],
    [-412_000_000, "−$0.412"],
    [12_400_000_000, "$12.40"],
    [999_990_000_000, "$999.99"],
    [1_204_400_000_000, "$1,204"],
  ])("%d nanos reads %s", (nanos, text) => expect(formatNanos(nanos)).toBe(text));

  it.each([
    [0, "$0.00"],
    [750_000, "$0.00075"],
    [705_000_000, "$0.705"],
    [-1, "−$0.000000001"],
  ])("%d nanos exactly is %s", (nanos, text) => expect(formatNanosExact(nanos)).toBe(text));

  it("shows whole cents", () => expect(formatCents(41)).toBe("$0.41"));
});

describe("counts", () => {
  it.each([
    [0, "0"],
    [9999, "9,999"],
    [31_750, "31.8K"],
    [1_240_000, "1.24M"],
  ])("%d in short is %s", (value, text) => expect(formatCompact(value)).toBe(text));

  it("groups digits", () => expect(formatCount(1_204_000)).toBe("1,204,000"));
  it("counts one and many", () => {
    expect(formatPlural(1, "session")).toBe("1 session");
    expect(formatPlural(2, "reply", "replies")).toBe("2 replies");
  });
});

describe("ratios", () => {
  it.each([
    [null, "–"],
    [0, "0 %"],
    [0.031, "3.1 %"],
    [0.0004, "< 0.1 %"],
    [1, "100 %"],
  ])("%s reads %s", (ratio, text) => expect(formatPercent(ratio)).toBe(text));

  it.each([
    [112, 100, "+12 %"],
    [96.6, 100, "−3.4 %"],
    [100, 100, "±0 %"],
    [1500, 100, "×15"],
    [5, 0, null],
    [5, null, null],
  ])("from %s against %s is %s", (now, before, text) =>
    expect(formatChange(now, before)).toBe(text),
  );

  it.each([
    [0.04, 0.031, "+0.9 pt"],
    [0.01, 0.03, "−2 pt"],
    [0.03, 0.03, "±0 pt"],
    [null, 0.03, null],
  ])("%s against %s is %s in points", (now, before, text) =>
    expect(formatPoints(now, before)).toBe(text),
  );
});

describe("durations", () => {
  it.each([
    [null, "–"],
    [0, "0 s"],
    [412, "412 ms"],
    [3200, "3.2 s"],
    [9949, "9.9 s"],
    [9960, "10 s"],
    [42 * SECOND, "42 s"],
    [59_600, "1 min"],
    [4 * MINUTE + 12 * SECOND, "4 min 12 s"],
    [2 * HOUR, "2 h"],
    [2 * HOUR + 5 * MINUTE, "2 h 5 min"],
    [HOUR - 400, "1 h"],
    [3 * DAY + 4 * HOUR, "3 d 4 h"],
    [-3200, "−3.2 s"],
  ])("%s ms reads %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, "0 h"],
    [90_000, "0.025 h"],
    [30 * MINUTE, "0.5 h"],
    [41.3 * HOUR, "41.3 h"],
    [1204 * HOUR, "1,204 h"],
  ])("%d ms is %s", (ms, text) => expect(formatHours(ms)).toBe(text));
});

describe("instants", () => {
  const now = Date.UTC(2026, 10, 20, 14, 2, 10, 123);

  it.each([
    [now, "now"],
    [now - 12 * SECOND, "12 s ago"],
    [now - 3 * MINUTE, "3 min ago"],
    [now - 26 * HOUR, "1 d ago"],
    [now + 4 * MINUTE, "in 4 min"],
  ])("%d is %s", (at, text) => expect(formatRelative(at, now)).toBe(text));

  it.each([
    ["UTC", "second", "14:02:10"],
    ["UTC", "millisecond", "14:02:10.123"],
    ["Europe/Berlin", "minute", "15:02"],
    ["UTC", "dayMinute", "20 Nov, 14:02"],
    ["UTC", "daySecond", "20 Nov, 14:02:10"],
    ["UTC", "full", "20 Nov 2026, 14:02:10"],
  ] as const)("in %s as %s it is %s", (tz, style, text) =>
    expect(formatInstant(now, tz, style)).toBe(text),
  );
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [812, "812 B"],
    [3400, "3.4 kB"],
    [999_600, "1 MB"],
    [5_000_000_000, "5 GB"],
  ])("%d is %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe("plain", () => {
  it.each([
    ["a\u202eb\u2066c", "a�b�c"],
    ["\u001b[2J\u0007\u009b\r", "�[2J���"],
    ["two\nlines\tand a tab", "two\nlines\tand a tab"],
    ["👩‍👩‍👧 e\u0301\u200d", "👩‍👩‍👧 e\u0301\u200d"],
    ["שלום", "\u2068שלום\u2069"],
    ["a\u200f\u202e\u2069", "\u2068a\u200f��\u2069"],
    ["a\u2068b\u2069c\u2068d", "a\u2068b\u2069c�d"],
    ["שלום a\u2068", "\u2068שלום a�\u2069"],
  ])("%j is %j, and stays it", (text, expected) => {
    expect(plain(text)).toBe(expected);
    expect(plain(expected)).toBe(expected);
  });
});
