"use client";
import { Columns3, Download } from "lucide-react";
import { COLUMNS } from "@/components/sessions/columns";
import type { TableLayout } from "@/components/sessions/table-layout";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheck, MenuItem, MenuSeparator } from "@/components/ui/menu";

export function ColumnsMenu({ layout }: { layout: TableLayout }) {
  return (
    <Menu
      label="Columns"
      align="end"
      trigger={
        <Button className="font-normal">
          <Columns3 size={14} aria-hidden />
          Columns
        </Button>
      }
    >
      {COLUMNS.filter((column) => column.id !== "title").map((column) => (
        <MenuCheck
          key={column.id}
          checked={layout.columns.includes(column)}
          onChange={(on) => layout.toggle(column.id, on)}
        >
          {column.label}
        </MenuCheck>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={layout.reset}>Columns and widths as at first</MenuItem>
    </Menu>
  );
}

/** Every session of the current filter and order, not only those loaded. */
export function ExportMenu({ hrefOf }: { hrefOf: (format: "csv" | "ndjson") => string }) {
  return (
    <Menu
      label="Export"
      align="end"
      trigger={
        <Button className="font-normal">
          <Download size={14} aria-hidden />
          Export
        </Button>
      }
    >
      {(["csv", "ndjson"] as const).map((format) => (
        <MenuItem
          key={format}
          onSelect={() => {
            window.location.assign(hrefOf(format));
          }}
        >
          All of this filter as {format.toUpperCase()}
        </MenuItem>
      ))}
    </Menu>
  );
}
