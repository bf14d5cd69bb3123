"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { ChartViews } from "@/components/charts/chart-views";
import { SeriesTable } from "@/components/charts/series-table";
import { type ChartKind, TimeChart } from "@/components/charts/time-chart";
import { plain } from "@/lib/format";
import { type TimeSeries, totalOf } from "@/lib/series";

type ChartCardProps = {
  data: TimeSeries;
  kind: ChartKind;
  label: string;
  tz: string;
  format: (value: number) => string;
  /** The same beside the axis, where it must be short. */
  tick?: (value: number) => string;
  whole?: boolean;
  onBrush?: (fromMs: number, toMs: number) => void;
  /** The sessions behind one bucket. */
  bucketHref?: (fromMs: number, toMs: number) => string;
  /** The sessions behind one series; null where no filter finds them. */
  seriesHref?: (key: string) => string | null;
};

/** A chart with its legend and, one press away, the same figures as a table. */
export function ChartCard({
  data,
  kind,
  label,
  tz,
  format,
  tick,
  whole,
  onBrush,
  bucketHref,
  seriesHref,
}: ChartCardProps) {
  const router = useRouter();
  const legend = data.series.map((series) => {
    const total = totalOf(series);
    const href = seriesHref?.(series.key);
    const words = (
      <>
        <span className="size-2 shrink-0 rounded-sm" style={{ background: series.color }} />
        <span className="truncate">{plain(series.label)}</span>
        <span className="text-ink">{total === null ? "–" : format(total)}</span>
      </>
    );
    return (
      <li key={series.key} className="min-w-0">
        {href ? (
          <Link
            href={href}
            className="inline-flex min-h-6 max-w-full items-center gap-1.5 hover:text-ink hover:underline"
          >
            {words}
          </Link>
        ) : (
          <span className="inline-flex min-h-6 max-w-full items-center gap-1.5">{words}</span>
        )}
      </li>
    );
  });
  return (
    <ChartViews
      label={label}
      legend={legend}
      chart={
        <TimeChart
          data={data}
          kind={kind}
          label={label}
          tz={tz}
          format={format}
          tick={tick}
          whole={whole}
          onBrush={onBrush}
          onPick={bucketHref ? (from, to) => router.push(bucketHref(from, to)) : undefined}
        />
      }
      table={
        <SeriesTable data={data} label={label} tz={tz} format={format} bucketHref={bucketHref} />
      }
    />
  );
}
