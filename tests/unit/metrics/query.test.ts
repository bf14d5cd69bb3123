import { describe, expect, it } from "vitest";
import { findMetric } from "@/lib/metrics/catalogue";
import { partOf, type Told } from "@/lib/metrics/columns";
import { durationOf, observed, packHistogram } from "@/lib/metrics/histogram";
import { bucketsAt, bucketsOf, seriesOf, stepThatFits, timeOf } from "@/lib/metrics/query";
import { NEVER, TOTAL_MINUTE } from "@/lib/metrics/rollup";

const ms = (text: string) => Date.parse(text);
const range = (from: string, to: string) => ({ fromMs: ms(from), toMs: ms(to) });

describe("buckets", () => {
  it.each([
    [
      "begin where the range does, then at round times",
      range("2026-11-20T10:17:30Z", "2026-11-20T12:05:00Z"),
      "1h",
      "UTC",
      ["2026-11-20T10:17:00Z", "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z"],
    ],
    [
      "are one for the whole range",
      range("2026-11-20T10:17:30Z", "2026-11-22T00:00:00Z"),
      "all",
      "UTC",
      ["2026-11-20T10:17:00Z"],
    ],
    [
      "are days of the zone, 25 hours long where the clocks go back",
      range("2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z"),
      "1d",
      "Europe/Berlin",
      ["2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
    ],
    [
      "and 23 hours where they go forward",
      range("2026-03-28T23:00:00Z", "2026-03-30T22:00:00Z"),
      "1d",
      "Europe/Berlin",
      ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"],
    ],
    [
      "begin at half hours where the zone's days do",
      range("2026-11-19T20:00:00Z", "2026-11-20T20:00:00Z"),
      "1d",
      "Asia/Kolkata",
      ["2026-11-19T20:00:00Z", "2026-11-20T18:30:00Z"],
    ],
  ] as const)("%s", (_, span, step, tz, starts) => {
    expect(bucketsOf(span, step, tz)?.starts.map(timeOf)).toEqual(starts);
  });

  it("are no more than 1,500, and the step that fits is told", () => {
    const span = range("2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z");
    expect(bucketsOf(span, "1m", "UTC")).toBeNull();
    expect(stepThatFits(2 * 1440)).toBe("5m");
    expect(bucketsOf(span, "5m", "UTC")?.starts).toHaveLength(576);
  });
});

/** An entry of what is told; a histogram as it is packed, or its observations. */
type Entry = {
  bucket?: number;
  labels?: string[];
  sums?: number[];
  histogram?: Uint8Array | number[];
};

function toldOf(entries: readonly Entry[], groups: number): Told {
  const columns = (of: (entry: Entry) => readonly (string | number)[], count: number) =>
    Array.from({ length: count }, (_, at) => entries.map((entry) => of(entry)[at]));
  const terms = Math.max(0, ...entries.map(({ sums = [] }) => sums.length));
  const packed = entries.flatMap(({ histogram }) =>
    histogram instanceof Uint8Array ? [histogram] : [],
  );
  return {
    buckets: entries.map(({ bucket = 0 }) => bucket),
    labels: columns(({ labels = [] }) => labels, groups) as string[][],
    sums: columns(({ sums = [] }) => sums, terms) as number[][],
    histograms: {
      sizes: entries.map(({ histogram }) =>
        Array.isArray(histogram) ? -1 : (histogram?.length ?? 0),
      ),
      packed: Buffer.concat(packed),
      observations: entries.flatMap(({ histogram }) =>
        Array.isArray(histogram) ? [histogram] : [],
      ),
    },
  };
}

it("minutes are in their buckets, those after the range in one of their own", () => {
  const buckets = { starts: [90, 120, 180], from: 90, to: 240 };
  const minutes = [60, 90, 119, 120, 180, 239, 240, NEVER - 1, 125, TOTAL_MINUTE, 130, 90];
  expect(bucketsAt(minutes, buckets)).toEqual([0, 0, 0, 1, 2, 2, 3, 3, 1, -1, 1, 0]);
});

it("of what is read at once, each metric has its own families' entries and nothing of others'", () => {
  const read = {
    buckets: [0, 0, 1, 1],
    labels: [["a", "b", "a", "c"]],
    families: ["turn", "tool", "tool", "request"],
    sums: [
      [1, 2, 4, 8],
      [10, 20, 40, 80],
    ],
    histograms: null,
  };
  const columns = [
    { family: "tool", at: 1 },
    { family: "turn", at: 0 },
  ];
  expect(partOf(read, columns)).toEqual({
    buckets: [0, 0, 1],
    labels: [["a", "b", "a"]],
    sums: [
      [0, 20, 40],
      [1, 0, 0],
    ],
    histograms: null,
  });
  expect(partOf({ ...read, families: null }, [{ family: "tool", at: 0 }]).sums).toEqual([
    [1, 2, 4, 8],
  ]);
});

describe("series", () => {
  const buckets = { starts: [60, 120, 180], from: 60, to: 240 };
  const ask = (id: string, entries: Entry[], groups: string[] = [], limit = 10) => {
    const metric = findMetric(id);
    if (!metric) throw new Error(id);
    const told = toldOf(entries, groups.length);
    return seriesOf(told, { metric, groups, buckets, aggregate: "p50", limit });
  };
  const [a, b, c] = ["1970-01-01T01:00:00Z", "1970-01-01T02:00:00Z", "1970-01-01T03:00:00Z"];

  it.each([
    [
      "a count is 0 where nothing was",
      "turns",
      [{ bucket: 1, sums: [4] }],
      [
        [a, 0],
        [b, 4],
        [c, 0],
      ],
      4,
    ],
    [
      "a ratio has no value there, and stands with what it is made of",
      "failure_rate",
      [
        { bucket: 0, sums: [1, 4] },
        { bucket: 2, sums: [0, 4] },
      ],
      [
        [a, 0.25, 1, 4],
        [b, null, 0, 0],
        [c, 0, 0, 4],
      ],
      0.125,
    ],
    [
      "hours are milliseconds",
      "session_hours",
      [{ sums: [5_400_000] }],
      [
        [a, 1.5],
        [b, 0],
        [c, 0],
      ],
      1.5,
    ],
    [
      "a distribution has none",
      "turn_duration",
      [{ sums: [0], histogram: [0, 0, 0] }],
      [
        [a, 1],
        [b, null],
        [c, null],
      ],
      1,
    ],
    [
      "per minute of each step and of the whole",
      "sessions_created_per_minute",
      [{ bucket: 1, sums: [90] }],
      [
        [a, 0],
        [b, 1.5],
        [c, 0],
      ],
      0.5,
    ],
    [
      "a gauge stands at what is left of what came after",
      "running_sessions",
      [
        { bucket: -1, sums: [7] },
        { bucket: 1, sums: [2] },
        { bucket: 2, sums: [-1] },
        { bucket: 3, sums: [3] },
      ],
      [
        [a, 3],
        [b, 5],
        [c, 4],
      ],
      4,
    ],
  ])("%s", (_, id, rows, points, total) => {
    expect(ask(id, rows).series).toEqual([{ labels: {}, points, total }]);
  });

  it.each([1, 2, 3, 7, 13, 26])("a duration of %i ms is told as it is", (ms) => {
    const entry = { sums: [ms], histogram: [observed(ms, 1)] };
    expect(ask("turn_duration", [entry]).series[0]?.total).toBe(ms);
  });

  it("a distribution is merged of what is stored and what is still to be added, step by step and in all", () => {
    const of = (...pairs: Array<[number, number]>) => packHistogram(new Map(pairs));
    const entries = [
      { bucket: 0, sums: [50], histogram: of([100, 2], [120, 1]) },
      { bucket: 2, sums: [10], histogram: of([100, 5]) },
      { bucket: 0, sums: [10], histogram: [120, 120, -1 - 100] },
      { bucket: 1, sums: [0] },
      { bucket: 2, sums: [10], histogram: [120] },
    ];
    const told = (bucket: number) => Math.round(durationOf(bucket));
    expect(ask("turn_duration", entries).series[0]).toEqual({
      labels: {},
      points: [
        [a, told(120)],
        [b, null],
        [c, told(100)],
      ],
      total: told(100),
    });
  });

  it("groups beyond the limit are one, the greatest stand alone", () => {
    const of = (agent: string, count: number) => ({ labels: [agent], sums: [count] });
    const { series, truncated } = ask(
      "turns",
      [of("x", 1), of("y", 5), of("z", 3), of("w", 2)],
      ["agent"],
      2,
    );
    expect(series.map(({ labels, total }) => [labels.agent, total])).toEqual([
      ["y", 5],
      ["z", 3],
      ["other", 3],
    ]);
    expect(truncated).toBe(2);
  });

  it("without a group there is a series even of nothing", () => {
    expect(ask("turns", []).series.map(({ total }) => total)).toEqual([0]);
    expect(ask("turns", [], ["agent"]).series).toEqual([]);
  });
});
