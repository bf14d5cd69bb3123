"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { cx } from "@/components/ui/cx";

/** What a table is ordered by. */
export type Sort<Column extends string> = { column: Column; order: "asc" | "desc" };

type SortHeadProps<Column extends string> = {
  column: Column;
  label: string;
  /** Unit or meaning, for who points at it. */
  title?: string;
  sort: Sort<Column>;
  onSort: (next: Sort<Column>) => void;
  /** A column of figures: aligned right, greatest first. */
  right?: boolean;
  /** Left out on narrow windows. */
  narrow?: boolean;
};

/** A column's head that orders the table by it, and turns the order round when it does already. */
export function SortHead<Column extends string>({
  column,
  label,
  title,
  sort,
  onSort,
  right,
  narrow,
}: SortHeadProps<Column>) {
  const sorted = sort.column === column;
  const Arrow = sort.order === "asc" ? ArrowUp : ArrowDown;
  const order = sorted ? (sort.order === "desc" ? "asc" : "desc") : right ? "desc" : "asc";
  return (
    <th
      scope="col"
      aria-sort={sorted ? (sort.order === "asc" ? "ascending" : "descending") : undefined}
      className={cx(
        "h-8 border-b px-3 font-normal whitespace-nowrap",
        right ? "text-right" : "text-left",
        narrow && "max-md:hidden",
      )}
    >
      <button
        type="button"
        title={title}
        className={cx("inline-flex h-6 items-center gap-1 hover:text-ink", sorted && "text-ink")}
        onClick={() => onSort({ column, order })}
      >
        {label}
        {sorted ? <Arrow size={12} aria-hidden className="shrink-0" /> : null}
      </button>
    </th>
  );
}
