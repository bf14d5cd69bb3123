"use client";
import { useMemo } from "react";
import { useScope } from "@/components/shell/scope";
import { useSize } from "@/components/trace/canvas";
import { Lanes } from "@/components/trace/lanes";
import { Minimap } from "@/components/trace/minimap";
import { StateBand } from "@/components/trace/state-band";
import { useTrace } from "@/components/trace/trace-context";
import { useWindowSpans, type WindowSpans } from "@/components/trace/use-window-spans";
import { formatInstant } from "@/lib/format";
import {
  scaleOf,
  type TimeScale,
  type TimeWarp,
  type TimeWindow,
  ticksOf,
} from "@/lib/sessions/timeline";

const LABELS = "w-40 max-lg:w-28 max-sm:w-16";

/** The whole session in a strip, its states, and a lane for each thread, on one time scale. */
export function TimelineDrawn({ bounds, warp }: { bounds: TimeWindow; warp: TimeWarp }) {
  const { zoom } = useTrace();
  const spans = useWindowSpans();
  const [ref, { width }] = useSize<HTMLDivElement>();
  const whole = useMemo(() => scaleOf(bounds, width, warp), [bounds, width, warp]);
  const scale = useMemo(() => scaleOf(zoom ?? bounds, width, warp), [zoom, bounds, width, warp]);
  return (
    <div className="mt-1 flex flex-col gap-1">
      <div className="flex">
        <Label>Whole</Label>
        <div ref={ref} className="min-w-0 flex-1">
          <Minimap scale={whole} bounds={bounds} />
        </div>
      </div>
      <div className="flex">
        <Label>State</Label>
        <div className="min-w-0 flex-1">
          <StateBand scale={scale} bounds={bounds} />
        </div>
      </div>
      <div>
        <div className="flex">
          <Label>{""}</Label>
          <Axis scale={scale} />
        </div>
        <Lanes scale={scale} bounds={bounds} spans={spans} labelWidth={LABELS} />
        <SpansNote spans={spans} />
      </div>
    </div>
  );
}

function Label({ children }: { children: string }) {
  return <span className={`${LABELS} shrink-0 truncate pr-2 text-sm text-ink-3`}>{children}</span>;
}

function Axis({ scale }: { scale: TimeScale }) {
  const { tz } = useScope();
  const { stepMs, atUs } = ticksOf(scale);
  const { fromUs, toUs } = scale.window;
  const oneDay = formatInstant(fromUs / 1000, tz, "day") === formatInstant(toUs / 1000, tz, "day");
  const coarse = oneDay ? "minute" : "dayMinute";
  const style = stepMs < 1000 ? "millisecond" : stepMs < 60_000 ? "second" : coarse;
  return (
    <div aria-hidden className="relative h-4 min-w-0 flex-1 overflow-hidden border-b">
      {atUs
        .filter((us) => scale.x(us) < scale.width - 48)
        .map((us) => (
          <span
            key={us}
            className="absolute top-0 border-l pl-1 font-mono text-xs whitespace-nowrap text-ink-3"
            style={{ left: Math.round(scale.x(us)) }}
          >
            {formatInstant(us / 1000, tz, style)}
          </span>
        ))}
    </div>
  );
}

function SpansNote({ spans }: { spans: WindowSpans }) {
  const { zoom, data } = useTrace();
  if (spans.error) {
    return (
      <p className="py-0.5 text-sm text-fail">The spans of this stretch could not be loaded.</p>
    );
  }
  if (data.allSpans) return null;
  if (!spans.tooMany) {
    return <p className="py-0.5 text-sm text-ink-3">Every span of this stretch is drawn.</p>;
  }
  return (
    <p className="py-0.5 text-sm text-ink-3">
      {zoom && spans.loading
        ? "Loading spans…"
        : "Many spans: drawn as how much of each moment they took. Zoom in to see each."}
    </p>
  );
}
