"use client";
import dynamic from "next/dynamic";
import type { RateWords } from "@/components/charts/rate-card";
import { TimeFrame } from "@/components/charts/time-frame";
import { TipBox } from "@/components/charts/tip-box";
import { formatCount, formatPercent } from "@/lib/format";
import { niceTicks, type RateSeries, rateTicks } from "@/lib/series";

const RatePlot = dynamic(() => import("@/components/charts/rate-plot"), { ssr: false });

type RateChartProps = {
  data: RateSeries;
  words: RateWords;
  label: string;
  tz: string;
  onBrush?: (fromMs: number, toMs: number) => void;
  onPick?: (fromMs: number, toMs: number) => void;
};

/** Shares of the height: the rate above, the volume it is of below, a gap between them. */
const RATE = 66;
const VOLUME = 26;

/** A rate in its interval, and right below it how many it is a rate of. */
export function RateChart({ data, words, label, tz, onBrush, onPick }: RateChartProps) {
  const ticks = rateTicks(data.points);
  const max = ticks.at(-1) ?? 1;
  const most = data.points.reduce((top, { below }) => Math.max(top, below), 0);
  const volumes = niceTicks(most, 1, true);
  const mostDrawn = volumes.at(-1) ?? 1;
  const tick = (top: number, text: string) => (
    <span
      key={`${top} ${text}`}
      className="absolute right-0 -translate-y-1/2 whitespace-nowrap"
      style={{ top: `${top}%` }}
    >
      {text}
    </span>
  );
  return (
    <TimeFrame
      data={data}
      label={label}
      tz={tz}
      onBrush={onBrush}
      onPick={onPick}
      axis={[
        ...ticks.map((value) => tick(RATE * (1 - value / max), formatPercent(value))),
        ...[0, mostDrawn].map((value) =>
          tick(100 - VOLUME * (value / mostDrawn), formatCount(value)),
        ),
      ]}
      tip={(index) => <RateTip data={data} words={words} index={index} tz={tz} />}
    >
      <div className="absolute inset-x-0 top-0" style={{ height: `${RATE}%` }}>
        <RatePlot data={data} part="rate" max={max} ticks={ticks} />
      </div>
      <div className="absolute inset-x-0 bottom-0" style={{ height: `${VOLUME}%` }}>
        <RatePlot data={data} part="volume" max={mostDrawn} ticks={[0, mostDrawn]} />
      </div>
    </TimeFrame>
  );
}

type RateTipProps = Pick<RateChartProps, "data" | "words" | "tz"> & { index: number };

function RateTip({ data, words, index, tz }: RateTipProps) {
  const point = data.points[index];
  const rows =
    !point || point.below === 0
      ? []
      : [
          [words.rate, formatPercent(point.rate)],
          ["95 % interval", `${formatPercent(point.low)} – ${formatPercent(point.high)}`],
          [words.above, formatCount(point.above)],
          [words.below, formatCount(point.below)],
        ];
  return (
    <TipBox data={data} index={index} tz={tz}>
      {rows.length === 0 ? <p className="font-medium">Nothing</p> : null}
      {rows.map(([name, value]) => (
        <p key={name} className="flex justify-between gap-2">
          <span className="text-ink-2">{name}</span>
          <span>{value}</span>
        </p>
      ))}
    </TipBox>
  );
}
