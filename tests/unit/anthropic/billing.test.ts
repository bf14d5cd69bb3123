import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextBillingMs, stretchesToRead } from "@/lib/anthropic/billing";

const DAY = 86_400_000;
const at = (text: string) => Date.parse(text);
const NOW = at("2026-11-25T10:15:00Z");
const words = (given: Parameters<typeof stretchesToRead>[0]) =>
  stretchesToRead(given).map(({ fromMs, toMs }) =>
    [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(5, 10)).join(" to "),
  );

describe("what the cost report is asked for", () => {
  it.each([
    ["at first, without a session", { firstMs: null, read: null }, ["11-25 to 11-26"]],
    [
      "at first, in stretches of 31 days from the first session on",
      { firstMs: at("2026-09-20T15:00:00Z"), read: null },
      ["09-20 to 10-21", "10-21 to 11-21", "11-21 to 11-26"],
    ],
    [
      "later, from three days before what is complete",
      {
        firstMs: at("2026-09-20T15:00:00Z"),
        read: { sinceMs: at("2026-09-20"), untilMs: at("2026-11-24T23:50:00Z") },
      },
      ["11-21 to 11-26"],
    ],
    [
      "when older sessions have come, before that as well",
      {
        firstMs: at("2026-08-01T15:00:00Z"),
        read: { sinceMs: at("2026-08-10"), untilMs: at("2026-11-25T10:00:00Z") },
      },
      ["08-01 to 08-10", "11-22 to 11-26"],
    ],
    [
      "never before 2026",
      { firstMs: at("2025-05-05"), read: { sinceMs: at("2026-01-03"), untilMs: NOW } },
      ["01-01 to 01-03", "11-22 to 11-26"],
    ],
  ])("%s", (_, given, stretches) => {
    expect(words({ ...given, nowMs: NOW })).toEqual(stretches);
  });

  it("covers every day that is wanted, in stretches that the report allows", () => {
    const ms = fc.integer({ min: at("2025-01-01"), max: NOW });
    const read = fc.option(fc.record({ sinceMs: ms, untilMs: ms }), { nil: null });
    fc.assert(
      fc.property(fc.option(ms, { nil: null }), read, (firstMs, known) => {
        const stretches = stretchesToRead({ firstMs, read: known, nowMs: NOW });
        for (const { fromMs, toMs } of stretches) {
          expect(fromMs % DAY).toBe(0);
          expect(toMs - fromMs).toBeGreaterThan(0);
          expect(toMs - fromMs).toBeLessThanOrEqual(31 * DAY);
          expect(fromMs).toBeGreaterThanOrEqual(at("2026-01-01"));
        }
        const last = stretches.at(-1);
        expect(last?.toMs).toBe(at("2026-11-26"));
        const isAsked = (day: number) =>
          stretches.some(({ fromMs, toMs }) => fromMs <= day && day < toMs);
        const isRead = (day: number) =>
          known !== null && day >= known.sinceMs && day + 4 * DAY <= known.untilMs;
        for (let day = at("2026-01-01"); day <= NOW; day += DAY)
          if (firstMs !== null && day + DAY > firstMs && !isRead(day))
            expect(isAsked(day)).toBe(true);
      }),
    );
  });
});

it.each([
  ["soon after the day's end", NOW - 300_000, at("2026-11-26T00:30:00Z")],
  ["within the hour while yesterday is not whole", at("2026-11-24T22:00:00Z"), NOW + 3_600_000],
])("is read again %s", (_, untilMs, next) => {
  expect(NOW + nextBillingMs(untilMs, NOW)).toBe(next);
});
