import { TipBox } from "@/components/charts/tip-box";
import type { TimeSeries } from "@/lib/series";

/** What one bucket holds, and its sum where there is one. */
export function ChartTip({
  data,
  index,
  tz,
  format,
  summed,
}: {
  data: TimeSeries;
  index: number;
  tz: string;
  format: (value: number) => string;
  /** Whether the values add up. */
  summed: boolean;
}) {
  const rows = data.series
    .map((series) => ({ series, value: series.values[index] ?? null }))
    .filter(({ value }) => value !== null && value !== 0)
    .reverse();
  const sum = rows.reduce((total, { value }) => total + (value ?? 0), 0);
  return (
    <TipBox data={data} index={index} tz={tz}>
      {rows.map(({ series, value }) => (
        <p key={series.key} className="flex items-center gap-1.5">
          <span className="size-2 shrink-0 rounded-sm" style={{ background: series.color }} />
          <span className="flex-1 truncate">{series.label}</span>
          <span>{format(value ?? 0)}</span>
        </p>
      ))}
      {summed || rows.length === 0 ? (
        <p className="mt-1 flex justify-between border-t pt-1 font-medium">
          <span>{rows.length === 0 ? "Nothing" : "Sum"}</span>
          <span>{summed ? format(sum) : ""}</span>
        </p>
      ) : null}
    </TipBox>
  );
}
