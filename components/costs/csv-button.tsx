"use client";
import { Download } from "lucide-react";
import type { By } from "@/components/costs/questions";
import type { CostRow } from "@/components/costs/rows";
import { csvLines } from "@/components/costs/table-csv";
import { Button } from "@/components/ui/button";
import { saveFile } from "@/components/ui/download";

/** The table as a file. What writes CSV comes when it is asked for. */
export function CsvButton({ by, rows }: { by: By; rows: readonly CostRow[] }) {
  async function download() {
    const { stringify } = await import("csv-stringify/browser/esm/sync");
    // A spreadsheet would run a name that begins like a formula.
    const text = stringify(csvLines(by, rows), { escape_formulas: true });
    saveFile(
      new Blob([text], { type: "text/csv" }),
      `costs-by-${by.replaceAll(/[^\w.-]/g, "_")}.csv`,
    );
  }
  return (
    <Button size="sm" onClick={download} disabled={rows.length === 0}>
      <Download size={14} aria-hidden />
      CSV
    </Button>
  );
}
