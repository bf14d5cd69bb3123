"use client";
import { ChevronDown, ChevronRight, Minus, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Failed } from "@/components/shell/panel";
import { useShortcuts } from "@/components/shell/shortcuts";
import { BandLegend } from "@/components/trace/band-legend";
import { expectedHeight, laneBoxes } from "@/components/trace/lane-layout";
import { TONE_TOKENS } from "@/components/trace/palette";
import { useTrace } from "@/components/trace/trace-context";
import { Button, IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/field";
import { type Lane, packLanes } from "@/lib/sessions/lanes";
import { panned, scaleOf, type TimeWarp, type TimeWindow, zoomed } from "@/lib/sessions/timeline";

const Drawn = dynamic(
  () => import("@/components/trace/timeline-drawn").then((module) => module.TimelineDrawn),
  { ssr: false, loading: () => <Placeholder /> },
);

/** The height of the timeline that comes, so that nothing moves when it does. */
function useHeight(): number {
  const { data, time } = useTrace();
  const lanes = packLanes({
    spans: data.allSpans ?? [],
    threads: data.page.threads ?? [],
    endUs: time.bounds?.toUs ?? 0,
  });
  const many = data.allSpans === null;
  const missing = Math.max(0, Math.max(1, data.item.threads) - lanes.length);
  const whole = [...lanes, ...Array.from({ length: missing }, blankLane)];
  // What comes first of all has a track for turns and one for calls.
  const isEmpty = data.minimap !== null && data.strip === null;
  const boxes = laneBoxes(isEmpty ? whole.map((lane) => ({ ...lane, tracks: 2 })) : whole, many);
  return expectedHeight(boxes, many);
}

function Placeholder() {
  const height = useHeight();
  return (
    <div className="pt-1">
      <div className="animate-sheen rounded-sm bg-quiet-soft" style={{ height }} />
    </div>
  );
}

function Empty() {
  const height = useHeight();
  return (
    <div className="pt-1">
      <p className="flex items-center justify-center text-center text-ink-3" style={{ height }}>
        Nothing to draw yet: no call of a model or a tool has come.
      </p>
    </div>
  );
}

function blankLane(): Lane {
  return { threadId: null, label: "", tracks: 1, turns: [], items: [] };
}

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
        <div className="min-w-0 flex-1 max-md:basis-3/4 max-md:pt-0.5">
          <BandLegend />
        </div>
        {open && bounds && warp ? <Controls bounds={bounds} warp={warp} /> : null}
      </div>
      {!open ? null : data.timelineError ? (
        <Failed what="The timeline" error={data.timelineError} retry={data.retryTimeline} />
      ) : data.minimap && !data.strip ? (
        <Empty />
      ) : bounds && warp && data.strip ? (
        <Drawn bounds={bounds} warp={warp} />
      ) : (
        <Placeholder />
      )}
    </section>
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
    <div className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2 max-md:w-full max-md:justify-end">
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
        <Button
          variant="ghost"
          size="sm"
          title="The whole session (0)"
          disabled={zoom === null}
          onClick={() => setZoom(null)}
        >
          Fit
        </Button>
      </div>
    </div>
  );
}
