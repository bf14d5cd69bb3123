"use client";
import { ChartNoAxesColumn, Table2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { SeriesTable } from "@/components/charts/series-table";
import { TimeChart } from "@/components/charts/time-chart";
import { Segmented } from "@/components/ui/segmented";
import { type TimeSeries, totalOf } from "@/lib/series";

type ChartCardProps = {
  data: TimeSeries;
  kind: "bars" | "area";
  label: string;
  tz: string;
  format: (value: number) => string;
  whole?: boolean;
  onBrush?: (fromMs: number, toMs: number) => void;
  /** The sessions behind one bucket. */
  bucketHref?: (fromMs: number, toMs: number) => string;
  /** The sessions behind one series; null where no filter finds them. */
  seriesHref?: (key: string) => string | null;
};

const VIEWS = [
  { value: "chart", label: <ChartNoAxesColumn size={14} aria-hidden />, name: "Chart" },
  { value: "table", label: <Table2 size={14} aria-hidden />, name: "Table" },
] as const;

/** A chart with its legend and, one press away, the same figures as a table. */
export function ChartCard({
  data,
  kind,
  label,
  tz,
  format,
  whole,
  onBrush,
  bucketHref,
  seriesHref,
}: ChartCardProps) {
  const [view, setView] = useState<"chart" | "table">("chart");
  const router = useRouter();
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-start gap-2">
        <ul
          aria-label="Legend"
          className="flex min-w-0 flex-1 flex-wrap gap-x-4 text-sm text-ink-2"
        >
          {data.series.map((series) => {
            const total = totalOf(series);
            const href = seriesHref?.(series.key);
            const words = (
              <>
                <span className="size-2 shrink-0 rounded-sm" style={{ background: series.color }} />
                {series.label}
                <span className="text-ink">{total === null ? "–" : format(total)}</span>
              </>
            );
            return (
              <li key={series.key} className="min-w-0">
                {href ? (
                  <Link
                    href={href}
                    className="inline-flex min-h-6 items-center gap-1.5 hover:text-ink hover:underline"
                  >
                    {words}
                  </Link>
                ) : (
                  <span className="inline-flex min-h-6 items-center gap-1.5">{words}</span>
                )}
              </li>
            );
          })}
        </ul>
        <Segmented
          label={`Show ${label} as`}
          size="sm"
          value={view}
          options={VIEWS}
          onChange={setView}
        />
      </div>
      <div className="h-52">
        {view === "chart" ? (
          <TimeChart
            data={data}
            kind={kind}
            label={label}
            tz={tz}
            format={format}
            whole={whole}
            onBrush={onBrush}
            onPick={bucketHref ? (from, to) => router.push(bucketHref(from, to)) : undefined}
          />
        ) : (
          <SeriesTable data={data} label={label} tz={tz} format={format} bucketHref={bucketHref} />
        )}
      </div>
    </div>
  );
}
