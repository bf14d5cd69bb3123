import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayState, daysOf, nanosFromFractionalCents } from "@/lib/costs/billed";

describe("fractional cents", () => {
  it.each([
    ["0", 0n],
    ["187", 1_870_000_000n],
    ["168.3", 1_683_000_000n],
    ["0.0000001", 1n],
    ["0.00000005", 1n],
    ["0.00000004999", 0n],
    ["-0.00000005", -1n],
    ["-12.5", -125_000_000n],
    ["123456789012345.1234567", 1_234_567_890_123_451_234_567n],
    ["", null],
    ["1e3", null],
    [".5", null],
    ["1.", null],
    ["12,5", null],
    [12, null],
    [null, null],
  ])("%j", (text, nanos) => {
    expect(nanosFromFractionalCents(text)).toBe(nanos);
  });

  it("are exact to the seventh decimal, and a sum of parts is the whole", () => {
    const text = (nanos: bigint) =>
      `${nanos / 10_000_000n}.${`${nanos % 10_000_000n}`.padStart(7, "0")}`;
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n })), (parts) => {
        const read = parts.map((part) => nanosFromFractionalCents(text(part)) ?? -1n);
        expect(read).toEqual(parts);
      }),
    );
  });
});

describe("days of the bill", () => {
  const day = (date: string, time = "00:00:00") => Date.parse(`${date}T${time}Z`);
  const reach = (since: string, until: number) => ({ sinceMs: day(since), untilMs: until });
  const read = reach("2026-11-10", day("2026-11-20", "14:00:00"));

  it.each([
    ["before it was asked for", "2026-11-09", [read], "not_asked"],
    ["the first", "2026-11-10", [read], "reported"],
    ["the last whole one", "2026-11-19", [read], "reported"],
    ["one that had not ended", "2026-11-20", [read], "partly"],
    ["one to come", "2026-11-21", [read], "not_reported"],
    [
      "one reported to its very end",
      "2026-11-20",
      [reach("2026-11-10", day("2026-11-21"))],
      "reported",
    ],
    ["one of a report never read", "2026-11-15", [null], "not_reported"],
    ["one that another report lacks", "2026-11-15", [read, null], "not_reported"],
    [
      "one that another report was not asked for",
      "2026-11-15",
      [read, reach("2026-11-16", day("2026-11-20"))],
      "not_asked",
    ],
    ["nobody's", "2026-11-15", [], "not_asked"],
  ])("%s", (_, date, reaches, state) => {
    expect(dayState(day(date), reaches)).toBe(state);
  });

  it("are those that a range touches, the newest first", () => {
    const range = { fromMs: day("2026-11-18", "23:59:59"), toMs: day("2026-11-20", "00:00:01") };
    expect(daysOf(range)).toEqual([day("2026-11-20"), day("2026-11-19"), day("2026-11-18")]);
    expect(daysOf({ ...range, toMs: day("2026-11-20") })).toHaveLength(2);
    expect(daysOf({ fromMs: range.toMs, toMs: range.fromMs })).toEqual([]);
  });
});
