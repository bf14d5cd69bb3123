"use client";
import { useMemo } from "react";
import { COLUMNS, type Column, type ColumnId } from "@/components/sessions/columns";
import { useStored } from "@/components/shell/stored";

type Layout = { shown: ColumnId[]; widths: Partial<Record<ColumnId, number>> };

export const MIN_WIDTH = 48;
const MAX_WIDTH = 800;
const INITIAL: Layout = {
  shown: COLUMNS.filter((column) => column.initial).map((column) => column.id),
  widths: {},
};

/** What was stored, as far as it still makes sense. */
export function readLayout(stored: unknown): Layout {
  if (typeof stored !== "object" || stored === null) return INITIAL;
  const { shown, widths } = stored as Record<string, unknown>;
  const known = COLUMNS.filter(({ id }) => Array.isArray(shown) && shown.includes(id));
  const sizes =
    typeof widths === "object" && widths !== null ? (widths as Record<string, unknown>) : {};
  const kept = COLUMNS.flatMap(({ id }) => {
    const width = sizes[id];
    return typeof width === "number" && Number.isFinite(width) ? [[id, clamp(width)]] : [];
  });
  return {
    shown: known.length > 0 ? known.map((column) => column.id) : INITIAL.shown,
    widths: Object.fromEntries(kept),
  };
}

function clamp(width: number): number {
  return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
}

/** Which columns are shown and how wide, remembered by this browser. */
export function useTableLayout() {
  const [layout, setLayout] = useStored("wk.sessions.columns", readLayout);
  return useMemo(() => {
    const columns = COLUMNS.filter((column) => layout.shown.includes(column.id));
    const widthOf = (column: Column) => layout.widths[column.id] ?? column.width;
    return {
      columns,
      /** The title takes what the others leave, unless the reader gave it a width. */
      colWidth: (column: Column) =>
        column.id === "title" && layout.widths.title === undefined ? undefined : widthOf(column),
      minWidth: columns.reduce((sum, column) => sum + widthOf(column), 0),
      toggle: (id: ColumnId, on: boolean) =>
        setLayout({
          ...layout,
          shown: COLUMNS.map((column) => column.id).filter((item) =>
            item === id ? on : layout.shown.includes(item),
          ),
        }),
      resize: (id: ColumnId, width: number) =>
        setLayout({ ...layout, widths: { ...layout.widths, [id]: clamp(width) } }),
      reset: () => setLayout(INITIAL),
    };
  }, [layout, setLayout]);
}
export type TableLayout = ReturnType<typeof useTableLayout>;
