"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import { rowKey } from "@/components/fleet/address";
import { AdviceLine, LevelMark } from "@/components/fleet/advice-line";
import type { Column } from "@/components/fleet/columns";
import { cx } from "@/components/ui/cx";
import { Tag } from "@/components/ui/tag";
import type { Advice } from "@/lib/fleet/schema";
import type { FleetSort } from "@/lib/fleet/words";
import { plain } from "@/lib/format";

export type HeldRow = {
  id: string;
  connection_id: string | null;
  archived_at: string | null;
  advice: Advice | null;
};

export type FleetTableProps<Row extends HeldRow> = {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  titleOf: (row: Row) => string;
  /** The sessions behind a row; null where no filter names them. */
  hrefOf: (row: Row) => string | null;
  sorting: { sort: FleetSort; order: "asc" | "desc" };
  onSort: (sort: FleetSort) => void;
};

const CELL = "border-b px-2 py-2 align-top first:pl-3 last:pr-3 lg:first:pl-4 lg:last:pr-4";
// The link covers its row, so that a row opens, and opens in a new tab, like any link.
const LINK =
  "truncate after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2";

export function FleetTable<Row extends HeldRow>(props: FleetTableProps<Row>) {
  const { label, rows, columns } = props;
  return (
    <table
      aria-label={label}
      className="w-full min-w-[64rem] table-fixed border-separate border-spacing-0"
    >
      <colgroup>
        <col />
        {columns.map(({ id, width }) => (
          <col key={id} style={{ width }} />
        ))}
      </colgroup>
      <Head {...props} />
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} className="relative hover:bg-hover">
            <th scope="row" className={cx(CELL, "text-left font-normal")}>
              <Title {...props} row={row} />
            </th>
            {columns.map((column) => (
              <td
                key={column.id}
                className={cx(
                  CELL,
                  "overflow-hidden whitespace-nowrap",
                  column.right && "text-right",
                )}
              >
                <span className={cx("flex min-w-0", column.right && "justify-end")}>
                  {column.cell(row)}
                </span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A row's name with its mark and its advice; the same in a table and in a list. */
export function Title<Row extends HeldRow>({
  row,
  titleOf,
  hrefOf,
}: Pick<FleetTableProps<Row>, "titleOf" | "hrefOf"> & { row: Row }) {
  const href = hrefOf(row);
  const title = plain(titleOf(row));
  return (
    <span className="flex min-w-0 items-start gap-2">
      <span className="flex h-5 shrink-0 items-center">
        <LevelMark advice={row.advice} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex min-w-0 items-center gap-1.5">
          {href === null ? (
            <span className="truncate">{title}</span>
          ) : (
            <Link href={href} prefetch={false} data-row-link className={LINK}>
              {title}
            </Link>
          )}
          {row.archived_at === null ? null : <Tag>archived</Tag>}
        </span>
        <AdviceLine advice={row.advice} />
      </span>
    </span>
  );
}

function Head<Row extends HeldRow>({ label, columns, sorting, onSort }: FleetTableProps<Row>) {
  const heads: Array<Pick<Column<Row>, "id" | "label" | "right" | "sort">> = [
    { id: "name", label, sort: "name" },
    ...columns,
  ];
  return (
    <thead className="sticky top-0 z-20 bg-surface">
      <tr>
        {heads.map(({ id, label, right, sort }) => {
          const sorted = sort !== undefined && sort === sorting.sort;
          const Arrow = sorting.order === "asc" ? ArrowUp : ArrowDown;
          return (
            <th
              key={id}
              scope="col"
              aria-sort={
                sorted ? (sorting.order === "asc" ? "ascending" : "descending") : undefined
              }
              className={cx(
                "h-8 border-b px-2 py-0 text-sm font-medium text-ink-3 first:pl-3 last:pr-3 lg:first:pl-4 lg:last:pr-4",
                right ? "text-right" : "text-left",
              )}
            >
              {sort ? (
                <button
                  type="button"
                  className={cx(
                    "inline-flex h-6 max-w-full items-center gap-1 hover:text-ink",
                    sorted && "text-ink",
                  )}
                  onClick={() => onSort(sort)}
                >
                  <span className="truncate">{label}</span>
                  {sorted ? <Arrow size={12} aria-hidden className="shrink-0" /> : null}
                </button>
              ) : (
                label
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
