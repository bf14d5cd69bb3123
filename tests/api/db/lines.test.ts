import fc from "fast-check";
import { expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import { linesOf } from "@/lib/db/lines";
import { runs } from "@/tests/support/runs";

type Pair = [string, string | null];

const read = (rows: readonly Pair[]) =>
  prisma.$queryRaw<Array<{ a: string; b: string }>>`
    select a, b from ${linesOf(rows, [([a]) => a, ([, b]) => b])} as r(a, b, n) where n > 1
    order by n`;

const expected = (rows: readonly Pair[]) => rows.map(([a, b]) => ({ a, b: b ?? "" }));

it.each<[string, Pair[]]>([
  ["one row of nothing", [["", null]]],
  [
    "line breaks and the separators themselves",
    [
      ["a\nb", "\n\u0001"],
      ["\n", "\n\u0001\u0001"],
    ],
  ],
  [
    "a text beyond what travels as it is",
    [
      ["x".repeat(9_000), "\n".repeat(5_000)],
      ["", "z"],
    ],
  ],
])("hands over %s", async (_, rows) => {
  expect(await read(rows)).toEqual(expected(rows));
});

it("hands any texts over as they are", async () => {
  const text = fc
    .string({
      unit: fc.constantFrom("a", "\n", "\u0001", "\r", "\\", "'", "é", "😀"),
      maxLength: 9,
    })
    .map((short) => short.repeat(3));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, fc.option(text)), { minLength: 1 }), async (rows) => {
      expect(await read(rows)).toEqual(expected(rows));
    }),
    { numRuns: runs(60) },
  );
});
