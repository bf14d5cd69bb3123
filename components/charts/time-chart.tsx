"use client";
import dynamic from "next/dynamic";
import { type PointerEvent, useState } from "react";
import { ChartTip } from "@/components/charts/chart-tip";
import { UNITS, xOf, yOf } from "@/components/charts/scale";
import { formatInstant } from "@/lib/format";
import { bucketAt, highest, niceTicks, type TimeSeries, timeTicks } from "@/lib/series";

/** Recharts weighs more than the page around it: it comes after the first paint, into a box that keeps its size. */
const Plot = dynamic(() => import("@/components/charts/plot"), { ssr: false });

type TimeChartProps = {
  data: TimeSeries;
  kind: "bars" | "area";
  /** Says what is drawn, for those who cannot see it. */
  label: string;
  tz: string;
  format: (value: number) => string;
  /** Values that only come in whole numbers get whole ticks. */
  whole?: boolean;
  /** A stretch was drawn with the pointer. */
  onBrush?: (fromMs: number, toMs: number) => void;
  /** A bucket was pressed. */
  onPick?: (fromMs: number, toMs: number) => void;
};

/** A stacked chart over time. Point to read a bucket, press it to open what is behind it, drag to zoom. */
export function TimeChart({
  data,
  kind,
  label,
  tz,
  format,
  whole = false,
  onBrush,
  onPick,
}: TimeChartProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const ticks = niceTicks(highest(data.series, true), 4, whole);
  const max = ticks.at(-1) ?? 1;
  const xTicks = timeTicks(data, tz, 7);
  const index = cursor === null ? -1 : bucketAt(data, cursor);

  function instantAt(event: PointerEvent<HTMLElement>): number {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return data.fromMs + share * (data.toMs - data.fromMs);
  }

  function release(event: PointerEvent<HTMLElement>) {
    const at = instantAt(event);
    const from = anchor;
    setAnchor(null);
    if (from === null) return;
    const width = event.currentTarget.getBoundingClientRect().width;
    const dragged = (Math.abs(at - from) / (data.toMs - data.fromMs)) * width > 4;
    if (dragged) onBrush?.(Math.round(Math.min(from, at)), Math.round(Math.max(from, at)));
    else pick(bucketAt(data, at));
  }

  function pick(bucket: number) {
    const start = data.times[bucket];
    if (start !== undefined) onPick?.(start, start + data.stepMs);
  }

  return (
    <figure aria-label={label} className="@container flex h-full min-w-0 gap-2">
      <div aria-hidden className="relative mb-5 w-10 shrink-0 text-right text-xs text-ink-3">
        {ticks.map((tick) => (
          <span
            key={tick}
            className="absolute right-0 -translate-y-1/2 whitespace-nowrap"
            style={{ top: `${(yOf(tick, max) / UNITS) * 100}%` }}
          >
            {format(tick)}
          </span>
        ))}
      </div>
      <div className="relative min-w-0 flex-1">
        <div
          className="absolute inset-0 bottom-5 cursor-crosshair touch-pan-y select-none"
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setAnchor(instantAt(event));
          }}
          onPointerMove={(event) => setCursor(instantAt(event))}
          onPointerUp={release}
          onPointerCancel={() => setAnchor(null)}
          onPointerLeave={() => setCursor(null)}
        >
          <Plot data={data} kind={kind} max={max} ticks={ticks} />
          {anchor !== null && cursor !== null ? (
            <Brush from={anchor} to={cursor} data={data} />
          ) : null}
          {index >= 0 && anchor === null ? <Bucket index={index} data={data} /> : null}
        </div>
        {xTicks.map((tick, order) => (
          <time
            key={tick.atMs}
            aria-hidden
            className={`absolute bottom-0 -translate-x-1/2 text-xs whitespace-nowrap text-ink-3 ${order % 2 === 1 ? "@max-md:hidden" : ""}`}
            style={{ left: `${Math.min(97, Math.max(3, xOf(tick.atMs, data) / 10))}%` }}
          >
            {formatInstant(tick.atMs, tz, tick.style)}
          </time>
        ))}
        {index >= 0 ? <ChartTip data={data} index={index} tz={tz} format={format} /> : null}
      </div>
    </figure>
  );
}

function Brush({ from, to, data }: { from: number; to: number; data: TimeSeries }) {
  const [left, right] = [Math.min(from, to), Math.max(from, to)].map((at) => xOf(at, data) / 10);
  return (
    <div
      className="pointer-events-none absolute inset-y-0 border-x border-accent bg-[color-mix(in_srgb,var(--accent)_14%,transparent)]"
      style={{ left: `${left}%`, width: `${(right ?? 0) - (left ?? 0)}%` }}
    />
  );
}

function Bucket({ index, data }: { index: number; data: TimeSeries }) {
  const start = data.times[index] ?? data.fromMs;
  const left = Math.max(0, xOf(start, data) / 10);
  const right = Math.min(100, xOf(start + data.stepMs, data) / 10);
  return (
    <div
      className="pointer-events-none absolute inset-y-0 bg-[color-mix(in_srgb,var(--ink)_7%,transparent)]"
      style={{ left: `${left}%`, width: `${right - left}%` }}
    />
  );
}
