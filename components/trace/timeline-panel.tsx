"use client";
import { ChevronDown, ChevronRight, Minus, Plus, StretchHorizontal } from "lucide-react";
import { useMemo, useState } from "react";
import { useScope } from "@/components/shell/scope";
import { useShortcuts } from "@/components/shell/shortcuts";
import { useSize } from "@/components/trace/canvas";
import { Lanes } from "@/components/trace/lanes";
import { Minimap } from "@/components/trace/minimap";
import { TONE_TOKENS } from "@/components/trace/palette";
import { BandLegend, StateBand } from "@/components/trace/state-band";
import { useTrace } from "@/components/trace/trace-context";
import { useWindowSpans, type WindowSpans } from "@/components/trace/use-window-spans";
import { IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import { formatInstant } from "@/lib/format";
import {
  panned,
  scaleOf,
  type TimeScale,
  type TimeWarp,
  type TimeWindow,
  ticksOf,
  zoomed,
} from "@/lib/sessions/timeline";

const LABELS = "w-40 max-lg:w-28 max-sm:w-16";

/** States, the whole session in a strip, and a lane for each thread. */
export function TimelinePanel() {
  const { time, data } = useTrace();
  const [open, setOpen] = useState(true);
  const { bounds, warp } = time;
  return (
    <section aria-label="Timeline" className="border-b bg-surface px-3 py-1.5 lg:px-4">
      <div className="flex items-start gap-x-1 max-md:flex-wrap">
        <IconButton
          label={open ? "Fold the timeline" : "Unfold the timeline"}
          size="sm"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
        </IconButton>
        <div className="min-w-0 flex-1">
          <BandLegend />
        </div>
        {open && bounds && warp ? <Controls bounds={bounds} warp={warp} /> : null}
      </div>
      {!open ? null : bounds && warp && data.strip ? (
        <Drawn bounds={bounds} warp={warp} />
      ) : (
        <Skeleton className="mt-1 h-28 w-full" />
      )}
    </section>
  );
}

function Drawn({ bounds, warp }: { bounds: TimeWindow; warp: TimeWarp }) {
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
  const style = stepMs < 1000 ? "millisecond" : stepMs < 60_000 ? "second" : "dayMinute";
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
  const { zoom } = useTrace();
  if (spans.error) {
    return (
      <p className="py-0.5 text-sm text-fail">The spans of this stretch could not be loaded.</p>
    );
  }
  if (!spans.tooMany) return null;
  return (
    <p className="py-0.5 text-sm text-ink-3">
      {zoom && spans.loading
        ? "Loading spans…"
        : "Many spans: drawn as how much of each moment they took. Zoom in to see each."}
    </p>
  );
}

const LEGEND = [
  ["model", "model"],
  ["tool", "tool"],
  ["wait", "waiting for an answer"],
  ["error", "error"],
] as const;

function Controls({ bounds, warp }: { bounds: TimeWindow; warp: TimeWarp }) {
  const { time, zoom, setZoom } = useTrace();
  const scale = scaleOf(zoom ?? bounds, 1000, warp);
  const middleUs = scale.us(500);
  const zoomBy = (factor: number) => setZoom(zoomed({ scale, bounds, anchorUs: middleUs, factor }));
  useShortcuts([
    { keys: "+", label: "Zoom in", group: "Timeline", run: () => zoomBy(2) },
    { keys: "-", label: "Zoom out", group: "Timeline", run: () => zoomBy(0.5) },
    { keys: "0", label: "Whole session", group: "Timeline", run: () => setZoom(null) },
    {
      keys: ",",
      label: "Move earlier",
      group: "Timeline",
      run: () => setZoom(panned(scale, bounds, -300)),
    },
    {
      keys: ".",
      label: "Move later",
      group: "Timeline",
      run: () => setZoom(panned(scale, bounds, 300)),
    },
  ]);
  return (
    <div className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
      <ul aria-label="Colours" className="flex flex-wrap gap-x-3 max-md:hidden">
        {LEGEND.map(([tone, word]) => (
          <li key={tone} className="flex items-center gap-1">
            <span
              aria-hidden
              className="size-2.5 rounded-sm"
              style={{ background: `var(--${TONE_TOKENS[tone]})` }}
            />
            {word}
          </li>
        ))}
      </ul>
      {time.squeezed === null ? null : (
        <Checkbox
          label="Squeeze idle time"
          checked={time.squeezed}
          onChange={(event) => time.setSqueezed(event.currentTarget.checked)}
        />
      )}
      <div className="flex items-center">
        <IconButton label="Zoom out" shortcut="-" size="sm" onClick={() => zoomBy(0.5)}>
          <Minus size={14} aria-hidden />
        </IconButton>
        <IconButton label="Zoom in" shortcut="+" size="sm" onClick={() => zoomBy(2)}>
          <Plus size={14} aria-hidden />
        </IconButton>
        <IconButton
          label="Whole session"
          shortcut="0"
          size="sm"
          disabled={zoom === null}
          onClick={() => setZoom(null)}
        >
          <StretchHorizontal size={14} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}
