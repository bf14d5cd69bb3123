import { describe, expect, it } from "vitest";
import { compareUsage } from "@/lib/costs/reconcile";

/** Input, cache write 5m, cache write 1h, cache read, output. */
type Five<T> = readonly [T, T, T, T, T];
const buckets = <T>([input, write5m, write1h, read, output]: Five<T>) => ({
  inputTokens: input,
  cacheWrite5mTokens: write5m,
  cacheWrite1hTokens: write1h,
  cacheReadTokens: read,
  outputTokens: output,
});

interface Case {
  name: string;
  /** Input, cache writes, cache read, output. */
  spans: readonly [number, number, number, number];
  snapshot: Five<number | null>;
  settled: boolean;
  usage: Five<number>;
  residual: Five<number>;
}
const NONE = [0, 0, 0, 0, 0] as const;
const UNKNOWN = [null, null, null, null, null] as const;

const CASES: Case[] = [
  {
    name: "no snapshot: the spans, all writes 5m",
    spans: [10, 20, 30, 40],
    snapshot: UNKNOWN,
    settled: true,
    usage: [10, 20, 0, 30, 40],
    residual: NONE,
  },
  {
    name: "no spans: the snapshot, nothing of it covered",
    spans: [0, 0, 0, 0],
    snapshot: [1, 2, 3, 4, 5],
    settled: true,
    usage: [1, 2, 3, 4, 5],
    residual: [1, 2, 3, 4, 5],
  },
  {
    name: "member by member",
    spans: [10, 20, 30, 40],
    snapshot: [11, null, null, null, 39],
    settled: true,
    usage: [11, 20, 0, 30, 39],
    residual: [1, 0, 0, 0, 0],
  },
  {
    name: "not settled, lagging: the larger of each bucket",
    spans: [10, 20, 30, 40],
    snapshot: [11, 0, 0, 0, 39],
    settled: false,
    usage: [11, 20, 0, 30, 40],
    residual: [1, 0, 0, 0, 0],
  },
  {
    name: "not settled, lagging writes keep the snapshot's split",
    spans: [0, 30, 0, 0],
    snapshot: [0, 6, 4, 0, 0],
    settled: false,
    usage: [0, 18, 12, 0, 0],
    residual: NONE,
  },
  {
    name: "settled, spans ahead: the snapshot is shown",
    spans: [10, 30, 0, 0],
    snapshot: [9, 6, 4, 0, 0],
    settled: true,
    usage: [9, 6, 4, 0, 0],
    residual: NONE,
  },
  {
    name: "running: the object still shows 0",
    spans: [10, 20, 30, 40],
    snapshot: [0, 0, 0, 0, 0],
    settled: false,
    usage: [10, 20, 0, 30, 40],
    residual: NONE,
  },
  {
    name: "writes are compared as one sum",
    spans: [0, 10, 0, 0],
    snapshot: [0, 0, 10, 0, 0],
    settled: true,
    usage: [0, 0, 10, 0, 0],
    residual: NONE,
  },
  {
    name: "uncovered writes are what the split leaves",
    spans: [0, 10, 0, 0],
    snapshot: [0, 40, 20, 0, 0],
    settled: true,
    usage: [0, 40, 20, 0, 0],
    residual: [0, 33, 17, 0, 0],
  },
  {
    name: "5m alone named: the rest of the spans' writes is 1h",
    spans: [0, 10, 0, 0],
    snapshot: [null, 4, null, null, null],
    settled: true,
    usage: [0, 4, 6, 0, 0],
    residual: NONE,
  },
  {
    name: "1h alone named: the rest is 5m",
    spans: [0, 10, 0, 0],
    snapshot: [null, null, 4, null, null],
    settled: false,
    usage: [0, 6, 4, 0, 0],
    residual: NONE,
  },
  {
    name: "5m alone named, beyond the spans",
    spans: [0, 10, 0, 0],
    snapshot: [null, 14, null, null, null],
    settled: true,
    usage: [0, 14, 0, 0, 0],
    residual: [0, 4, 0, 0, 0],
  },
];

describe("spans beside the snapshot", () => {
  it.each(CASES)("$name", ({ spans, snapshot, settled, usage, residual }) => {
    const [input, cacheWrite, cacheRead, output] = spans;
    const compared = compareUsage({
      spans: { input, cacheWrite, cacheRead, output },
      writeAmounts: [cacheWrite],
      snapshot: buckets(snapshot),
      settled,
    });
    expect(compared.usage).toEqual(buckets(usage));
    expect(compared.residual).toEqual(buckets(residual));
  });
});
