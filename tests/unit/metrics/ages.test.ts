import fc from "fast-check";
import { expect, it } from "vitest";
import { type Age, agesOfOpen, endsOf, seriesOfAges } from "@/lib/metrics/ages";

const [a, b] = ["1970-01-01T01:00:00Z", "1970-01-01T02:00:00Z"];
const asked = {
  groups: [],
  starts: [60, 120],
  ends: [7_200_000, 10_800_000],
  limit: 10,
  none: 0,
} as const;
const age = (bucket: number, sinceSeconds: number, ...labels: string[]): Age => ({
  bucket,
  labels,
  sinceUs: sinceSeconds * 1_000_000,
});

it.each<[string, Age[], Partial<Parameters<typeof seriesOfAges>[1]>, unknown]>([
  [
    "the oldest of several counts, to the millisecond",
    [age(0, 7000), age(0, 6999.9994), age(1, 10_800)],
    {},
    [
      {
        labels: {},
        points: [
          [a, 200.001],
          [b, 0],
        ],
        total: 0,
      },
    ],
  ],
  [
    "what began after the end is no age",
    [age(0, 7201)],
    {},
    [
      {
        labels: {},
        points: [
          [a, 0],
          [b, 0],
        ],
        total: 0,
      },
    ],
  ],
  [
    "nothing is 0 or unknown, as asked",
    [],
    { none: null },
    [
      {
        labels: {},
        points: [
          [a, null],
          [b, null],
        ],
        total: null,
      },
    ],
  ],
  ["no group of nothing", [], { groups: ["agent"] }, []],
  [
    "the younger groups are one, as old as the oldest of them",
    [age(0, 7100, "x"), age(1, 10_000, "y"), age(0, 7150, "z"), age(1, 10_700, "z")],
    { groups: ["agent"], limit: 1 },
    [
      {
        labels: { agent: "y" },
        points: [
          [a, 0],
          [b, 800],
        ],
        total: 800,
      },
      {
        labels: { agent: "other" },
        points: [
          [a, 100],
          [b, 100],
        ],
        total: 100,
      },
    ],
  ],
])("%s", (_, ages, more, series) => {
  expect(seriesOfAges(ages, { ...asked, ...more }).series).toEqual(series);
});

it("a step that is not over ends now", () => {
  expect(endsOf({ starts: [60, 120], from: 60, to: 180 }, 8_000_000)).toEqual([
    7_200_000, 8_000_000,
  ]);
});

it("the oldest of what is open at each end is found, by labels", () => {
  const one = fc
    .tuple(fc.constantFrom("a", "b"), fc.nat(20), fc.option(fc.nat(12), { nil: null }))
    .map(([label, since, length]) => ({
      labels: [label],
      sinceUs: since * 1_000,
      untilUs: length === null ? Infinity : (since + length) * 1_000,
    }));
  const ends = fc.uniqueArray(fc.nat(35), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), ends, (open, at) => {
      const sorted = [...at].sort((x, y) => x - y);
      const expected = ["a", "b"].flatMap((label) =>
        sorted.flatMap((ms, bucket) => {
          const since = open
            .filter(({ labels: [name], sinceUs }) => name === label && sinceUs < ms * 1_000)
            .filter(({ untilUs }) => untilUs > ms * 1_000)
            .map(({ sinceUs }) => sinceUs);
          return since.length > 0 ? [{ bucket, labels: [label], sinceUs: Math.min(...since) }] : [];
        }),
      );
      const found = agesOfOpen(open, sorted).sort((x, y) =>
        x.labels.join() < y.labels.join() ? -1 : x.labels.join() > y.labels.join() ? 1 : 0,
      );
      expect(found).toEqual(expected);
    }),
  );
});
