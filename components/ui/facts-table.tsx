import type { ReactNode } from "react";
import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";

export type FactsColumn<T> = {
  label: string;
  right?: true;
  /** Left out on narrow windows. */
  wide?: true;
  cell: (row: T) => ReactNode;
};

/** A plain table of some rows, with an optional line of sums below. */
export function FactsTable<T>({
  label,
  columns,
  rows,
  keyOf,
  sums,
}: {
  label: string;
  columns: readonly FactsColumn<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  sums?: readonly ReactNode[];
}) {
  const look = (column: FactsColumn<T>) =>
    cx(
      "border-b px-2 py-1.5 align-top",
      column.right && "text-right whitespace-nowrap",
      column.wide && "max-md:hidden",
    );
  return (
    <div {...SCROLLABLE} className="overflow-x-auto">
      <table aria-label={label} className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.label}
                scope="col"
                className={cx(look(column), "text-left text-sm font-normal text-ink-3")}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="relative hover:bg-hover">
              {columns.map((column) => (
                <td key={column.label} className={look(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {sums ? (
          <tfoot>
            <tr className="font-medium">
              {columns.map((column, at) => (
                <td key={column.label} className={look(column)}>
                  {sums[at]}
                </td>
              ))}
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
}
