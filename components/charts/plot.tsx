"use client";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from "recharts";
import type { TimeSeries } from "@/lib/series";

type PlotProps = { data: TimeSeries; kind: "bars" | "area"; max: number; ticks: readonly number[] };

type Bucket = { atMs: number; values: (number | null)[] };

/** The shapes of a stacked chart. Axes' words, pointer and tip are its caller's. */
export default function Plot({ data, kind, max, ticks }: PlotProps) {
  // Each bucket stands at its middle, so that a bar covers the time it counts.
  const buckets: Bucket[] = data.times.map((startMs, index) => ({
    atMs: startMs + data.stepMs / 2,
    values: data.series.map((series) => series.values[index] ?? null),
  }));
  return (
    <ResponsiveContainer
      width="100%"
      height="100%"
      className="pointer-events-none absolute inset-0"
    >
      <ComposedChart
        data={buckets}
        margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
        barCategoryGap={1}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="atMs"
          type="number"
          domain={[data.fromMs, data.toMs]}
          allowDataOverflow
          hide
        />
        <YAxis domain={[0, max]} ticks={[...ticks]} allowDataOverflow hide />
        {data.series.map((series, index) =>
          kind === "bars" ? (
            <Bar
              key={series.key}
              dataKey={(bucket: Bucket) => bucket.values[index]}
              name={series.label}
              stackId="all"
              fill={series.color}
              isAnimationActive={false}
            />
          ) : (
            <Area
              key={series.key}
              dataKey={(bucket: Bucket) => bucket.values[index]}
              name={series.label}
              stackId="all"
              type="linear"
              fill={series.color}
              fillOpacity={0.75}
              stroke="var(--surface)"
              activeDot={false}
              isAnimationActive={false}
            />
          ),
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
