import Link from "next/link";
import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { formatInstant } from "@/lib/format";
import { type TimeSeries, totalOf } from "@/lib/series";

type SeriesTableProps = {
  data: TimeSeries;
  label: string;
  tz: string;
  format: (value: number) => string;
  /** The sessions behind one bucket. */
  bucketHref?: (fromMs: number, toMs: number) => string;
};

const CELL = "h-6 px-2 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;

/** The same figures as the chart's, as a table: newest first. */
export function SeriesTable({ data, label, tz, format, bucketHref }: SeriesTableProps) {
  const order = data.times.map((start, index) => ({ start, index })).reverse();
  return (
    <div {...SCROLLABLE} className="h-full overflow-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">{label}</caption>
        <thead className="sticky top-0 bg-surface">
          <tr className="border-b text-ink-3">
            <th scope="col" className={cx(CELL, "text-left font-normal")}>
              From
            </th>
            {data.series.map((series) => (
              <th key={series.key} scope="col" className={cx(FIGURE, "font-normal")}>
                {series.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="border-b font-medium">
            <th scope="row" className={cx(CELL, "text-left font-medium")}>
              Whole range
            </th>
            {data.series.map((series) => (
              <td key={series.key} className={FIGURE}>
                {format(totalOf(series) ?? 0)}
              </td>
            ))}
          </tr>
          {order.map(({ start, index }) => (
            <tr key={start} className="border-b last:border-b-0">
              <th scope="row" className={cx(CELL, "text-left font-normal")}>
                {bucketHref ? (
                  <Link
                    href={bucketHref(start, start + data.stepMs)}
                    className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
                  >
                    {formatInstant(start, tz, "dayMinute")}
                  </Link>
                ) : (
                  formatInstant(start, tz, "dayMinute")
                )}
              </th>
              {data.series.map((series) => {
                const value = series.values[index] ?? null;
                return (
                  <td key={series.key} className={cx(FIGURE, !value && "text-ink-3")}>
                    {value === null ? "–" : format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
