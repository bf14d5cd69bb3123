"use client";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from "recharts";
import type { CourseSeries } from "@/lib/series";

type CoursePlotProps = { data: CourseSeries; max: number; ticks: readonly number[] };

type Place = {
  atMs: number;
  known: number | null;
  expected: number | null;
  band: [number, number] | null;
};

/** A sum as it grew, and within its bounds as it will: each point stands at its bucket's end. */
export default function CoursePlot({ data, max, ticks }: CoursePlotProps) {
  const { times, stepMs, known, outlook, fromMs, toMs } = data;
  const places: Place[] = [{ atMs: fromMs, known: 0, expected: null, band: null }];
  // What is known ends within a bucket, and there the outlook begins.
  const last = known.findLastIndex((value) => value !== null);
  const first = outlook.findIndex((value) => value !== null);
  for (const [index, startMs] of times.entries()) {
    const sum = known[index] ?? null;
    const ahead = outlook[index] ?? null;
    const isNow = index === last && index === first;
    if (isNow && sum !== null)
      places.push({ atMs: startMs + stepMs / 2, known: sum, expected: sum, band: [sum, sum] });
    places.push({
      atMs: startMs + stepMs,
      known: isNow ? null : sum,
      expected: ahead?.expected ?? null,
      band: ahead ? [ahead.low, ahead.high] : null,
    });
  }
  return (
    <ResponsiveContainer
      width="100%"
      height="100%"
      className="pointer-events-none absolute inset-0"
    >
      <ComposedChart
        data={places}
        margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="atMs" type="number" domain={[fromMs, toMs]} allowDataOverflow hide />
        <YAxis domain={[0, max]} ticks={[...ticks]} allowDataOverflow hide />
        <Area
          dataKey="band"
          type="linear"
          fill="var(--accent)"
          fillOpacity={0.16}
          stroke="none"
          activeDot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="expected"
          type="linear"
          stroke="var(--accent)"
          strokeWidth={1.5}
          strokeDasharray="4 3"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="known"
          type="linear"
          stroke="var(--accent)"
          strokeWidth={2}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}
