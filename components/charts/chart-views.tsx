"use client";
import { ChartNoAxesColumn, Table2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Segmented } from "@/components/ui/segmented";

type ChartViewsProps = {
  label: string;
  /** Items of the legend. */
  legend: ReactNode;
  chart: ReactNode;
  table: ReactNode;
  height?: string;
};

const VIEWS = [
  { value: "chart", label: <ChartNoAxesColumn size={14} aria-hidden />, name: "Chart" },
  { value: "table", label: <Table2 size={14} aria-hidden />, name: "Table" },
] as const;

/** A chart below its legend and, one press away, the same figures as a table. */
export function ChartViews({ label, legend, chart, table, height = "h-52" }: ChartViewsProps) {
  const [view, setView] = useState<"chart" | "table">("chart");
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-start gap-2">
        <ul
          aria-label="Legend"
          className="flex min-w-0 flex-1 flex-wrap gap-x-4 text-sm text-ink-2"
        >
          {legend}
        </ul>
        <Segmented
          label={`Show ${label} as`}
          size="sm"
          value={view}
          options={VIEWS}
          onChange={setView}
        />
      </div>
      <div className={height}>{view === "chart" ? chart : table}</div>
    </div>
  );
}
