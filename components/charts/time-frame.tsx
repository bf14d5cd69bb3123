"use client";
import { type PointerEvent, type ReactNode, useState } from "react";
import { xOf } from "@/components/charts/scale";
import { formatInstant } from "@/lib/format";
import {
  bucketAt,
  type Marker,
  markerGroups,
  markerWords,
  type TimeBuckets,
  timeTicks,
} from "@/lib/series";

type TimeFrameProps = {
  data: TimeBuckets;
  /** Says what is drawn, for those who cannot see it. */
  label: string;
  tz: string;
  /** The words of the vertical axis, placed by the caller. */
  axis: ReactNode;
  /** What is drawn, over the whole frame. */
  children: ReactNode;
  /** What one bucket holds, beside the pointer. */
  tip: (index: number) => ReactNode;
  /** A stretch was drawn with the pointer. */
  onBrush?: (fromMs: number, toMs: number) => void;
  /** A bucket was pressed. */
  onPick?: (fromMs: number, toMs: number) => void;
};

/** Time from left to right: point to read a bucket, press it to open what is behind it, drag to zoom. */
export function TimeFrame({
  data,
  label,
  tz,
  axis,
  children,
  tip,
  onBrush,
  onPick,
}: TimeFrameProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
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
        {axis}
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
          {children}
          <Markers data={data} />
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
        {index >= 0 ? tip(index) : null}
      </div>
    </figure>
  );
}

/** Thin lines with their words at the top; the first of a crowd stands for all of it. */
function Markers({ data }: { data: TimeBuckets }) {
  const xOfMarker = ({ atMs }: Marker) => xOf(atMs, data) / 10;
  return markerGroups(data).map(({ label, all }) => {
    const [first] = all;
    if (!first) return null;
    const left = xOfMarker(first);
    const isRight = left > 80;
    return (
      <div key={first.atMs} className="pointer-events-none absolute inset-0">
        {all.map((marker) => (
          <span
            key={`${marker.atMs} ${markerWords(marker)}`}
            className="absolute inset-y-0 border-l border-dashed border-ink-3"
            style={{ left: `${xOfMarker(marker)}%` }}
          />
        ))}
        <span
          title={all.map(markerWords).join(", ")}
          className="absolute -top-0.5 max-w-44 @max-md:max-w-24 truncate bg-surface px-0.5 text-xs text-ink-2"
          style={
            isRight ? { right: `calc(${100 - left}% + 2px)` } : { left: `calc(${left}% + 2px)` }
          }
        >
          {label}
        </span>
      </div>
    );
  });
}

function Brush({ from, to, data }: { from: number; to: number; data: TimeBuckets }) {
  const [left, right] = [Math.min(from, to), Math.max(from, to)].map((at) => xOf(at, data) / 10);
  return (
    <div
      className="pointer-events-none absolute inset-y-0 border-x border-accent bg-[color-mix(in_srgb,var(--accent)_14%,transparent)]"
      style={{ left: `${left}%`, width: `${(right ?? 0) - (left ?? 0)}%` }}
    />
  );
}

function Bucket({ index, data }: { index: number; data: TimeBuckets }) {
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
