"use client";
import { rowKey } from "@/components/fleet/address";
import { type FleetTableProps, type HeldRow, Title } from "@/components/fleet/fleet-table";
import { cx } from "@/components/ui/cx";

/** The same rows for a narrow window: the name with its advice, then every figure with its label. */
export function FleetCards<Row extends HeldRow>(props: FleetTableProps<Row>) {
  const { label, rows, columns } = props;
  return (
    <ul aria-label={label}>
      {rows.map((row) => (
        <li key={rowKey(row)} className="border-b">
          <div className="relative flex flex-col gap-1.5 px-3 py-2">
            <Title {...props} row={row} />
            <dl className="grid grid-cols-2 gap-x-4 gap-y-0.5 pl-5.5 text-sm">
              {columns.map((column) => (
                <div
                  key={column.id}
                  className={cx(
                    "flex min-w-0 justify-between gap-2",
                    !column.right && "col-span-2",
                  )}
                >
                  <dt className="shrink-0 text-ink-3">{column.label}</dt>
                  <dd className="flex min-w-0 justify-end">{column.cell(row)}</dd>
                </div>
              ))}
            </dl>
          </div>
        </li>
      ))}
    </ul>
  );
}
