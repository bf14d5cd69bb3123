import { Prisma } from "./generated/client";
import { largeText } from "./large-text";

/**
 * Rows as a table of text columns, for `insert … select`: each column goes as one text that the
 * database cuts up, which costs it half of what taking as many JSON objects apart does. null comes
 * out as ''. Use as `from ${linesOf(rows, columns)} as r(a, b, n) where n > 1`: the last column
 * numbers the rows from 2 on (a text that were empty would be cut into no rows at all, so each begins with
 * a separator).
 */
export function linesOf<Row>(
  rows: readonly Row[],
  columns: ReadonlyArray<(row: Row) => string | number | null | undefined>,
): Prisma.Sql {
  const cut = columns.map((column) => {
    const values = rows.map((row) => column(row) ?? "");
    const joined = values.join("\n");
    if (countOf(joined, "\n") < values.length) return cutText(`\n${joined}`, "\n");
    // Only text that holds line breaks itself needs a separator that is not in it.
    let separator = "\n\u0001";
    while (joined.includes(separator)) separator += "\u0001";
    return cutText(`${separator}${values.join(separator)}`, separator);
  });
  return Prisma.sql`rows from (${Prisma.join(cut)}) with ordinality`;
}

function cutText(text: string, separator: string): Prisma.Sql {
  return Prisma.sql`string_to_table(${largeText(text)}, ${separator})`;
}

function countOf(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) count++;
  return count;
}
