import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findMetric } from "@/lib/metrics/catalogue";
import { bucketOf, durationOf, packHistogram } from "@/lib/metrics/histogram";
import type { Metric } from "@/lib/metrics/metric";
import type { MinuteSeries } from "@/lib/metrics/minutes";
import { slidingOf } from "@/lib/metrics/sliding";

const metricOf = (id: string) => findMetric(id) as Metric;
type Entry = { minute: number; sums: number[]; durations: number[] };

function seriesOf(entries: readonly Entry[], terms: number, level = 0): MinuteSeries {
  return {
    labels: {},
    minutes: Int32Array.from(entries, ({ minute }) => minute),
    sums: Array.from({ length: terms }, (_, at) =>
      Float64Array.from(entries, ({ sums }) => sums[at] ?? 0),
    ),
    histograms: entries.map(({ durations }) => {
      const counts = new Map<number, number>();
      for (const ms of durations) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
      return packHistogram(counts);
    }),
    level,
  };
}

const entries = fc
  .uniqueArray(
    fc.record({
      minute: fc.integer({ min: 100, max: 200 }),
      sums: fc.array(fc.integer({ min: -5, max: 1_000_000 }), { minLength: 2, maxLength: 2 }),
      durations: fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 5 }),
    }),
    { selector: ({ minute }) => minute, maxLength: 40 },
  )
  .map((all) => all.sort((a, b) => a.minute - b.minute));
const windows = fc.array(
  fc
    .tuple(fc.integer({ min: 90, max: 210 }), fc.integer({ min: 1, max: 60 }))
    .map(([from, length]) => [from, from + length] as const),
  { minLength: 1, maxLength: 30 },
);

describe("windows sliding over minutes", () => {
  const inside = (all: readonly Entry[], [from, to]: readonly [number, number]) =>
    all.filter(({ minute }) => minute >= from && minute < to);
  const sum = (all: readonly Entry[], at: number) =>
    all.reduce((total, { sums }) => total + (sums[at] ?? 0), 0);

  test("sums and ratios are what each window's minutes come to, wherever it moves", () => {
    fc.assert(
      fc.property(entries, windows, (all, moves) => {
        const counts = slidingOf(seriesOf(all, 1), {
          ...{ metric: metricOf("turns"), aggregate: "p50" },
        });
        const ratios = slidingOf(seriesOf(all, 2), {
          ...{ metric: metricOf("failure_rate"), aggregate: "p50" },
        });
        for (const [from, to] of moves) {
          const within = inside(all, [from, to]);
          const [above, below] = [sum(within, 0), sum(within, 1)];
          expect(counts.windowAt(from, to)).toEqual({ value: above });
          expect(ratios.windowAt(from, to)).toEqual({
            ...{ value: below === 0 ? null : above / below, numerator: above, denominator: below },
          });
        }
      }),
    );
  });

  test("quantiles are those of what each window's minutes hold", () => {
    fc.assert(
      fc.property(
        entries,
        windows,
        fc.constantFrom("p50", "p95", "p99"),
        (all, moves, aggregate) => {
          const slide = slidingOf(seriesOf(all, 1), {
            metric: metricOf("turn_duration"),
            aggregate,
          });
          for (const [from, to] of moves) {
            const held = inside(all, [from, to]).flatMap(({ durations }) => durations);
            const sorted = held.sort((a, b) => a - b);
            const rank = Math.max(1, Math.ceil((Number(aggregate.slice(1)) / 100) * sorted.length));
            const found = sorted[rank - 1];
            const value = found === undefined ? null : Math.round(durationOf(bucketOf(found)));
            expect(slide.windowAt(from, to)).toEqual({ value });
          }
        },
      ),
    );
  });

  test("a gauge stands at a window's end where it stood before, and all that came since", () => {
    const changes = [
      { minute: 100, sums: [2], durations: [] },
      { minute: 105, sums: [-3], durations: [] },
    ];
    const series = { ...seriesOf(changes, 1, 4), histograms: [] };
    const slide = slidingOf(series, { metric: metricOf("running_sessions"), aggregate: "p50" });
    const stands = [99, 100, 101, 105, 106, 300].map((to) => slide.windowAt(to - 5, to).value);
    expect(stands).toEqual([4, 4, 6, 6, 3, 3]);
  });

  test.each([
    ["oldest_wait_seconds", [0, 61.5, 0]],
    ["sync_lag_seconds", [null, 61.5, null]],
  ])("%s is as old as at the end of the minute before", (id, ages) => {
    const open = [{ minute: 100, sums: [61.5], durations: [] }];
    const slide = slidingOf(seriesOf(open, 1), { metric: metricOf(id), aggregate: "p50" });
    expect([100, 101, 102].map((to) => slide.windowAt(90, to).value)).toEqual(ages);
  });
});
