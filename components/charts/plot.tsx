"use client";
import type { ReactElement } from "react";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from "recharts";
import type { ChartKind } from "@/components/charts/time-chart";
import type { Series, TimeSeries } from "@/lib/series";

type PlotProps = {
  data: TimeSeries;
  kind: ChartKind;
  min?: number;
  max: number;
  ticks: readonly number[];
};

/** More points than that are a line of dots. */
const MOST_DOTS = 120;

type Bucket = { atMs: number; values: (number | null)[] };

/** The shapes of a chart: stacked, or lines beside each other. Axes' words, pointer and tip are its caller's. */
export default function Plot({ data, kind, min = 0, max, ticks }: PlotProps) {
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
        <YAxis domain={[min, max]} ticks={[...ticks]} allowDataOverflow hide />
        {data.series.map((series, index) => shapeOf(kind, series, index))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function shapeOf(
  kind: ChartKind,
  { key, label: name, color, values }: Series,
  index: number,
): ReactElement {
  const dataKey = (bucket: Bucket) => bucket.values[index];
  const drawn = { dataKey, name, isAnimationActive: false };
  const isDense = values.length > MOST_DOTS;
  switch (kind) {
    case "bars":
      return <Bar key={key} {...drawn} stackId="all" fill={color} />;
    case "area":
      return (
        <Area
          key={key}
          {...drawn}
          stackId="all"
          type="linear"
          fill={color}
          fillOpacity={0.75}
          stroke="var(--surface)"
          activeDot={false}
        />
      );
    case "lines":
      return (
        <Line
          key={key}
          {...drawn}
          type="linear"
          stroke={color}
          strokeWidth={1.5}
          dot={isDense ? false : { r: 2, fill: color, strokeWidth: 0 }}
          activeDot={false}
        />
      );
  }
}
