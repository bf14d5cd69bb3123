"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { PointerEvent } from "react";
import type { Column } from "@/components/sessions/columns";
import type { TableLayout } from "@/components/sessions/table-layout";
import { cx } from "@/components/ui/cx";

export type Sorting = { sort: string; order: "asc" | "desc" };

type HeadProps = { layout: TableLayout; sorting: Sorting; onSort: (next: Sorting) => void };

export function TableHead({ layout, sorting, onSort }: HeadProps) {
  return (
    <thead className="sticky top-0 z-10 bg-surface">
      <tr aria-rowindex={1}>
        {layout.columns.map((column) => {
          const sorted = column.sort !== undefined && column.sort === sorting.sort;
          const Arrow = sorting.order === "asc" ? ArrowUp : ArrowDown;
          return (
            <th
              key={column.id}
              scope="col"
              aria-sort={
                sorted ? (sorting.order === "asc" ? "ascending" : "descending") : undefined
              }
              className={cx(
                "relative h-8 border-b px-2 py-0 text-sm font-medium text-ink-3 first:pl-3 last:pr-3 lg:first:pl-4 lg:last:pr-4",
                column.right ? "text-right" : "text-left",
              )}
            >
              {column.sort ? (
                <button
                  type="button"
                  className={cx(
                    "inline-flex h-6 max-w-full items-center gap-1 hover:text-ink",
                    sorted && "text-ink",
                  )}
                  onClick={() =>
                    onSort({
                      sort: column.sort ?? "",
                      order: sorted && sorting.order === "desc" ? "asc" : "desc",
                    })
                  }
                >
                  <span className="truncate">{column.label}</span>
                  {sorted ? <Arrow size={12} aria-hidden className="shrink-0" /> : null}
                </button>
              ) : (
                <span className="block truncate">{column.label}</span>
              )}
              <Grip column={column} layout={layout} />
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** The edge of a column: drag it to resize; the columns menu resets. */
function Grip({ column, layout }: { column: Column; layout: TableLayout }) {
  function drag(event: PointerEvent<HTMLSpanElement>) {
    event.preventDefault();
    const grip = event.currentTarget;
    const startWidth = grip.closest("th")?.getBoundingClientRect().width ?? column.width;
    const startX = event.clientX;
    grip.setPointerCapture(event.pointerId);
    const move = (next: globalThis.PointerEvent) =>
      layout.resize(column.id, startWidth + next.clientX - startX);
    const stop = () => {
      grip.removeEventListener("pointermove", move);
      grip.removeEventListener("pointerup", stop);
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", stop);
  }
  return (
    <span
      aria-hidden
      onPointerDown={drag}
      className="absolute inset-y-1 -right-1 z-10 w-2 cursor-col-resize touch-none border-transparent border-r-2 hover:border-line-strong"
    />
  );
}
