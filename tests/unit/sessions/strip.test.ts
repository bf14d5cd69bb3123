import { describe, expect, it } from "vitest";
import type { Minimap } from "@/lib/sessions/detail-schema";
import { busyParts, costUntil, stripOf } from "@/lib/sessions/strip";
import { microsFromIso } from "@/lib/time/micros";

const from = "2026-11-20T10:00:00.000000Z";
const start = microsFromIso(from) ?? 0;
const minimap: Minimap = {
  from,
  to: "2026-11-20T10:00:10.000000Z",
  bucket_ms: 1000,
  lanes: [
    {
      thread_id: null,
      label: "main",
      buckets: [
        [0, 800, 0, 0, 0, 100],
        [4, 0, 0, 1000, 0, 0],
        [9, 0, 500, 0, 1, 50],
      ],
    },
    { thread_id: "sthr_a", label: "a", buckets: [[0, 1000, 500, 0, 0, 20]] },
  ],
};
const strip = stripOf(minimap);
if (!strip) throw new Error("no strip");

describe("the strip of a session", () => {
  it("sums its threads, bucket by bucket", () => {
    expect(strip.columns).toEqual([
      { index: 0, modelMs: 1800, toolMs: 500, waitMs: 0, errors: 0, costNanos: 120 },
      { index: 4, modelMs: 0, toolMs: 0, waitMs: 1000, errors: 0, costNanos: 0 },
      { index: 9, modelMs: 0, toolMs: 500, waitMs: 0, errors: 1, costNanos: 50 },
    ]);
    expect(strip.mostMs).toBe(2300);
  });

  it("takes a call that waits for its answer for rest", () => {
    const [column] = strip.columns;
    if (!column) throw new Error("no column");
    const of = (more: Partial<typeof column>) =>
      busyParts({ ...strip, columns: [{ ...column, modelMs: 0, toolMs: 0, waitMs: 0, ...more }] });
    expect(of({ toolMs: 1000, waitMs: 1000 })).toHaveLength(0);
    expect(of({ toolMs: 1000, waitMs: 0 })).toHaveLength(1);
    // Another thread's tool works meanwhile.
    expect(of({ toolMs: 2000, waitMs: 1000 })).toHaveLength(1);
    expect(of({ modelMs: 5 })).toHaveLength(0);
  });

  it("counts waiting as rest, work as work", () => {
    expect(busyParts(strip)).toEqual([
      { fromUs: start, toUs: start + 1_000_000 },
      { fromUs: start + 9_000_000, toUs: start + 10_000_000 },
    ]);
  });

  it.each([
    [-1, 0],
    [0, 0],
    [0.5, 60],
    [1, 120],
    [9.5, 145],
    [10, 170],
  ])("has cost by second %s: %s nanos", (second, nanos) => {
    expect(costUntil(strip, start + second * 1_000_000)).toBe(nanos);
  });

  it("is nothing where a session has no time yet", () => {
    expect(stripOf({ from: null, to: null, bucket_ms: 0, lanes: [] })).toBeNull();
  });
});
