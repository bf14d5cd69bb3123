"use client";
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
import type { RateSeries } from "@/lib/series";

type RatePlotProps = {
  data: RateSeries;
  part: "rate" | "volume";
  max: number;
  ticks: readonly number[];
};

type Bucket = {
  atMs: number;
  rate: number | null;
  band: [number, number] | null;
  above: number;
  rest: number;
};

/** The shapes of a rate: its line within its band, or the volume it is of. */
export default function RatePlot({ data, part, max, ticks }: RatePlotProps) {
  const buckets: Bucket[] = data.times.map((startMs, index) => {
    const { above, below, rate, low, high } = data.points[index] ?? NONE;
    const band: Bucket["band"] = low === null || high === null ? null : [low, high];
    return { atMs: startMs + data.stepMs / 2, rate, band, above, rest: below - above };
  });
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
        {part === "rate" ? (
          <>
            <Area
              dataKey="band"
              type="linear"
              fill="var(--fail)"
              fillOpacity={0.16}
              stroke="none"
              activeDot={false}
              isAnimationActive={false}
            />
            <Line
              dataKey="rate"
              type="linear"
              stroke="var(--fail)"
              strokeWidth={1.5}
              dot={{ r: 2, fill: "var(--fail)", strokeWidth: 0 }}
              activeDot={false}
              isAnimationActive={false}
            />
          </>
        ) : (
          <>
            <Bar dataKey="above" stackId="all" fill="var(--fail)" isAnimationActive={false} />
            <Bar dataKey="rest" stackId="all" fill="var(--line-strong)" isAnimationActive={false} />
          </>
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

const NONE = { above: 0, below: 0, rate: null, low: null, high: null };
