import { xOf } from "@/components/charts/scale";
import { formatInstant } from "@/lib/format";
import type { TimeSeries } from "@/lib/series";

/** What one bucket holds, beside the pointer: never over it. */
export function ChartTip({
  data,
  index,
  tz,
  format,
}: {
  data: TimeSeries;
  index: number;
  tz: string;
  format: (value: number) => string;
}) {
  const start = data.times[index] ?? data.fromMs;
  const end = start + data.stepMs;
  const middle = xOf((start + end) / 2, data) / 10;
  const rows = data.series
    .map((series) => ({ series, value: series.values[index] ?? null }))
    .filter(({ value }) => value !== null && value !== 0)
    .reverse();
  const sum = rows.reduce((total, { value }) => total + (value ?? 0), 0);
  const sameDay = data.stepMs < 86_400_000;
  return (
    <div
      className="pointer-events-none absolute top-0 z-10 w-52 rounded-md border border-line-strong bg-raised p-2 text-sm"
      style={
        middle < 50
          ? { left: `calc(${middle}% + 1rem)` }
          : { right: `calc(${100 - middle}% + 1rem)` }
      }
    >
      <p className="mb-1 text-ink-2">
        {formatInstant(start, tz, "dayMinute")} –{" "}
        {formatInstant(end, tz, sameDay ? "minute" : "dayMinute")}
      </p>
      {rows.map(({ series, value }) => (
        <p key={series.key} className="flex items-center gap-1.5">
          <span className="size-2 shrink-0 rounded-sm" style={{ background: series.color }} />
          <span className="flex-1 truncate">{series.label}</span>
          <span>{format(value ?? 0)}</span>
        </p>
      ))}
      <p className="mt-1 flex justify-between border-t pt-1 font-medium">
        <span>{rows.length === 0 ? "Nothing" : "Sum"}</span>
        <span>{format(sum)}</span>
      </p>
    </div>
  );
}
