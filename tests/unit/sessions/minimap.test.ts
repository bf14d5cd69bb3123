import fc from "fast-check";
import { describe, expect, it } from "vitest";
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
