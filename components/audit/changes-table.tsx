"use client";
import { changeRows } from "@/components/audit/changes";
import { cx } from "@/components/ui/cx";

const CELL = "px-2 py-1 align-top wrap-anywhere";

type Fields = Record<string, unknown> | null;

/** What was changed, field by field: as it was, and as it is since then. */
export function ChangesTable({ before, after }: { before: Fields; after: Fields }) {
  const rows = changeRows(before, after);
  if (rows.length === 0)
    return before && after ? <p className="text-ink-3">Saved without a change.</p> : null;
  const sides = [before ? "Before" : null, after ? "After" : null].filter((side) => side !== null);
  return (
    <table className="w-full table-fixed rounded-md border bg-surface text-sm">
      <caption className="sr-only">What was changed</caption>
      <thead>
        <tr className="text-left text-ink-3">
          <th scope="col" className={cx(CELL, "w-1/3 border-b font-normal md:w-56")}>
            Field
          </th>
          {sides.map((side) => (
            <th key={side} scope="col" className={cx(CELL, "border-b font-normal")}>
              {before && after ? side : side === "Before" ? "As it was" : "As it is"}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.field} className="border-b last:border-b-0">
            <th scope="row" className={cx(CELL, "text-left font-mono font-normal text-ink-2")}>
              {row.field}
            </th>
            {before ? <Value text={row.before} paired={after !== null} tone="text-fail" /> : null}
            {after ? <Value text={row.after} paired={before !== null} tone="text-ok" /> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ text, paired, tone }: { text: string | null; paired: boolean; tone: string }) {
  return (
    <td className={cx(CELL, text === null ? "text-ink-3" : paired ? tone : "")}>
      {text ?? "not there"}
    </td>
  );
}
