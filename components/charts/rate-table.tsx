import Link from "next/link";
import type { RateWords } from "@/components/charts/rate-card";
import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { formatCount, formatInstant, formatPercent } from "@/lib/format";
import type { RatePoint, RateSeries } from "@/lib/series";

type RateTableProps = {
  data: RateSeries;
  whole: RatePoint;
  words: RateWords;
  label: string;
  tz: string;
  bucketHref?: (fromMs: number, toMs: number) => string;
};

const CELL = "h-6 px-2 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;

/** The same figures as the chart's, as a table: newest first. */
export function RateTable({ data, whole, words, label, tz, bucketHref }: RateTableProps) {
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
            {[words.rate, "95 % interval", words.above, words.below].map((name) => (
              <th key={name} scope="col" className={cx(FIGURE, "font-normal")}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="border-b font-medium">
            <th scope="row" className={cx(CELL, "text-left font-medium")}>
              Whole range
            </th>
            <Figures point={whole} />
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
              <Figures point={data.points[index]} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Figures({ point }: { point: RatePoint | undefined }) {
  if (!point || point.below === 0)
    return ["rate", "interval", "above", "below"].map((name) => (
      <td key={name} className={cx(FIGURE, "text-ink-3")}>
        –
      </td>
    ));
  return (
    <>
      <td className={FIGURE}>{formatPercent(point.rate)}</td>
      <td className={FIGURE}>{`${formatPercent(point.low)} – ${formatPercent(point.high)}`}</td>
      <td className={FIGURE}>{formatCount(point.above)}</td>
      <td className={FIGURE}>{formatCount(point.below)}</td>
    </>
  );
}
