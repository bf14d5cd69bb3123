"use client";
import dynamic from "next/dynamic";
import { ChartTip } from "@/components/charts/chart-tip";
import { UNITS, yOf } from "@/components/charts/scale";
import { TimeFrame } from "@/components/charts/time-frame";
import { highest, niceTicks, type TimeSeries } from "@/lib/series";

/** Recharts weighs more than the page around it: it comes after the first paint, into a box that keeps its size. */
const Plot = dynamic(() => import("@/components/charts/plot"), { ssr: false });

/** Bars and areas are stacked; lines stand beside each other. */
export type ChartKind = "bars" | "area" | "lines";

type TimeChartProps = {
  data: TimeSeries;
  kind: ChartKind;
  /** Says what is drawn, for those who cannot see it. */
  label: string;
  tz: string;
  format: (value: number) => string;
  /** The same beside the axis, where it must be short. */
  tick?: (value: number) => string;
  /** Values that only come in whole numbers get whole ticks. */
  whole?: boolean;
  /** A stretch was drawn with the pointer. */
  onBrush?: (fromMs: number, toMs: number) => void;
  /** A bucket was pressed. */
  onPick?: (fromMs: number, toMs: number) => void;
};

/** A chart over time. */
export function TimeChart({
  data,
  kind,
  label,
  tz,
  format,
  tick: written = format,
  whole = false,
  onBrush,
  onPick,
}: TimeChartProps) {
  const ticks = niceTicks(highest(data.series, kind !== "lines"), 4, whole);
  const max = ticks.at(-1) ?? 1;
  return (
    <TimeFrame
      data={data}
      label={label}
      tz={tz}
      onBrush={onBrush}
      onPick={onPick}
      axis={ticks.map((tick) => (
        <span
          key={tick}
          className="absolute right-0 -translate-y-1/2 whitespace-nowrap"
          style={{ top: `${(yOf(tick, max) / UNITS) * 100}%` }}
        >
          {written(tick)}
        </span>
      ))}
      tip={(index) => (
        <ChartTip data={data} index={index} tz={tz} format={format} summed={kind !== "lines"} />
      )}
    >
      <Plot data={data} kind={kind} max={max} ticks={ticks} />
    </TimeFrame>
  );
}
