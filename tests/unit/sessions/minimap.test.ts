import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketsOf } from "@/lib/sessions/buckets";
import { fillBuckets, type MapSpan } from "@/lib/sessions/minimap";

const SECOND = 1_000_000;
const span = (kind: MapSpan["kind"], from: number, to: number | null, more = {}): MapSpan => ({
  kind,
  threadId: "",
  startUs: from * SECOND,
  endUs: to === null ? null : to * SECOND,
  failed: false,
  costNanos: 0,
  ...more,
});
const fill = (spans: MapSpan[], seconds = 100, count = 10) =>
  fillBuckets({ spans, fromUs: 0, toUs: seconds * SECOND, count });

describe("fillBuckets", () => {
  it("divides time over the buckets a span reaches into", () => {
    expect(
      fill([span("model_request", 5, 32), span("tool", 32, 36), span("wait", 95, null)]),
    ).toEqual([
      {
        threadId: "",
        buckets: [
          [0, 5000, 0, 0, 0, 0],
          [1, 10_000, 0, 0, 0, 0],
          [2, 10_000, 0, 0, 0, 0],
          [3, 2000, 4000, 0, 0, 0],
          [9, 0, 0, 5000, 0, 0],
        ],
      },
    ]);
  });

  it("counts an error where it happened and a cost where the request ended", () => {
    const spans = [
      span("model_request", 1, 25, { costNanos: 7, failed: true }),
      span("error", 41, 41, { failed: true }),
      span("tool", 100, 100, { failed: true, threadId: "child" }),
    ];
    expect(fill(spans)).toEqual([
      {
        threadId: "",
        buckets: [
          [0, 9000, 0, 0, 0, 0],
          [1, 10_000, 0, 0, 0, 0],
          [2, 5000, 0, 0, 1, 7],
          [4, 0, 0, 0, 1, 0],
        ],
      },
      { threadId: "child", buckets: [[9, 0, 0, 0, 1, 0]] },
    ]);
  });

  it.each([
    ["nothing", [], []],
    ["an instant", [span("tool", 5, 5)], [{ threadId: "", buckets: [] }]],
  ])("of %s", (_, spans, lanes) => {
    expect(fill(spans)).toEqual(lanes);
  });

  it("loses no time and invents none", () => {
    const time = fc.integer({ min: 0, max: 1000 });
    const spans = fc.array(
      fc.record({ kind: fc.constantFrom("model_request", "tool", "wait"), a: time, b: time }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 50 }), (given, count) => {
        const made = given.map(({ kind, a, b }) =>
          span(kind as MapSpan["kind"], Math.min(a, b), Math.max(a, b)),
        );
        const [lane] = fill(made, 1000, count);
        for (const [column, kind] of [
          [1, "model_request"],
          [2, "tool"],
          [3, "wait"],
        ] as const) {
          const filled = (lane?.buckets ?? []).reduce((sum, bucket) => sum + bucket[column], 0);
          const real = made
            .filter((item) => item.kind === kind)
            .reduce((sum, item) => sum + ((item.endUs ?? 0) - item.startUs) / 1000, 0);
          expect(Math.abs(filled - real)).toBeLessThanOrEqual(count);
        }
      }),
    );
  });
});

describe("bucketsOf", () => {
  const HOUR = 3_600_000;
  const DAY = 24 * HOUR;
  const from = Date.UTC(2026, 2, 27, 10, 17);
  it.each([
    [HOUR, 60_000, 60],
    [6 * HOUR, 5 * 60_000, 73],
    [DAY, 15 * 60_000, 97],
    [7 * DAY, 3 * HOUR, 57],
    [30 * DAY, 12 * HOUR, 61],
    [90 * DAY, DAY, 91],
    [365 * DAY, 7 * DAY, 53],
  ])("%i ms in steps of %i: %i", (length, stepMs, count) => {
    const buckets = bucketsOf({ fromMs: from, toMs: from + length }, "UTC");
    expect([buckets.stepMs, buckets.startsMs.length]).toEqual([stepMs, count]);
    expect(buckets.startsMs[0]).toBeLessThanOrEqual(from);
    expect(buckets.startsMs.at(-1)).toBeLessThan(from + length);
  });

  it("begins days at midnight of the zone, also where one has 23 hours", () => {
    const { startsMs } = bucketsOf({ fromMs: from, toMs: from + 60 * DAY }, "Europe/Berlin");
    const words = startsMs.map((ms) =>
      new Date(ms).toLocaleString("sv-SE", { timeZone: "Europe/Berlin" }),
    );
    expect(words.slice(0, 4)).toEqual([
      "2026-03-27 00:00:00",
      "2026-03-28 00:00:00",
      "2026-03-29 00:00:00",
      "2026-03-30 00:00:00",
    ]);
    expect(words.every((text) => text.endsWith(" 00:00:00"))).toBe(true);
    expect(new Set(words).size).toBe(words.length);
  });

  it("stays at most 100 whatever the range", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40_000 * DAY }), (length) => {
        const { startsMs } = bucketsOf({ fromMs: from, toMs: from + length }, "UTC");
        expect(startsMs.length).toBeGreaterThan(0);
        expect(startsMs.length).toBeLessThanOrEqual(100);
      }),
    );
  });
});
