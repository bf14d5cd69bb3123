"use client";
import { useCallback, useMemo, useRef, useState } from "react";
import { Canvas, useSize } from "@/components/trace/canvas";
import { useCursor } from "@/components/trace/cursor";
import { drawLanes } from "@/components/trace/draw-lanes";
import { useGestures } from "@/components/trace/gestures";
import {
  type LaneBox,
  laneBoxes,
  MOST_LANES,
  trackAt,
  wholeHeight,
} from "@/components/trace/lane-layout";
import { usePalette } from "@/components/trace/palette";
import { SpanTip, type TipAt } from "@/components/trace/span-tip";
import { CursorLine, ReplayVeil } from "@/components/trace/time-lines";
import { useTrace } from "@/components/trace/trace-context";
import type { WindowSpans } from "@/components/trace/use-window-spans";
import { cx } from "@/components/ui/cx";
import { type LaneSpan, packLanes, spanAt } from "@/lib/sessions/lanes";
import { panned, type TimeScale, type TimeWindow, ticksOf, zoomed } from "@/lib/sessions/timeline";
import { microsFromIso } from "@/lib/time/micros";

/** A lane per thread, drawn on a canvas. The Spans tab holds the same as a table for keyboard and reader. */
export function Lanes({
  scale,
  bounds,
  spans,
  labelWidth,
}: {
  scale: TimeScale;
  bounds: TimeWindow;
  spans: WindowSpans;
  labelWidth: string;
}) {
  const { data, nameOf, setZoom, select } = useTrace();
  const palette = usePalette();
  const cursor = useCursor();
  const [tip, setTip] = useState<TipAt | null>(null);
  const [scroll, setScroll] = useState(0);
  const surface = useRef<HTMLDivElement | null>(null);
  const [frame, size] = useSize<HTMLDivElement>();

  const lanes = useMemo(
    () => packLanes({ spans: spans.spans, threads: data.page.threads ?? [], endUs: bounds.toUs }),
    [spans.spans, data.page.threads, bounds.toUs],
  );
  const boxes = useMemo(() => laneBoxes(lanes, spans.tooMany), [lanes, spans.tooMany]);
  const whole = wholeHeight(boxes);
  const height = useTallest(Math.min(MOST_LANES, whole));
  const overflows = whole > MOST_LANES;

  const { marks, selected, density } = useLaneMarks(spans);
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      if (!palette) return;
      context.clearRect(0, 0, scale.width, height);
      drawLanes(context, {
        boxes,
        scale,
        palette,
        view: { top: scroll, height },
        selected,
        marks,
        density,
        ticksUs: ticksOf(scale).atUs,
      });
    },
    [palette, boxes, scale, scroll, height, selected, marks, density],
  );

  useGestures(surface, {
    hover(x, y) {
      cursor.set(scale.us(x));
      const hit = density ? null : hitAt(boxes, scale, x, y);
      setTip(hit ? { item: hit, x, y: y - scroll } : null);
    },
    leave() {
      cursor.set(null);
      setTip(null);
    },
    click(x, y) {
      const hit = density ? null : hitAt(boxes, scale, x, y);
      const eventId = hit?.span.start_event_id ?? hit?.span.end_event_id ?? null;
      if (eventId !== null) select(eventId, { reveal: "center" });
      else if (density) setZoom(zoomed({ scale, bounds, anchorUs: scale.us(x), factor: 4 }));
    },
    pan: (pixels) => setZoom(panned(scale, bounds, pixels)),
    zoom: (x, factor) => setZoom(zoomed({ scale, bounds, anchorUs: scale.us(x), factor })),
    wheelZooms: !overflows,
  });

  return (
    <div
      ref={frame}
      className={cx("relative", overflows && "overflow-y-auto")}
      style={{ height }}
      onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
    >
      <div className="relative flex" style={{ height: Math.max(whole, height) }}>
        <ul className={cx("shrink-0", labelWidth)} aria-label="Threads">
          {boxes.map((box) => (
            <li
              key={box.lane.threadId ?? ""}
              title={box.lane.label}
              className="flex items-start border-b pt-1 pr-2 text-sm text-ink-2"
              style={{ height: box.height }}
            >
              <span className="truncate">{nameOf(box.lane.threadId)}</span>
            </li>
          ))}
        </ul>
        <div ref={surface} className="relative min-w-0 flex-1 cursor-crosshair touch-pan-y">
          <div className="sticky top-0 overflow-hidden" style={{ height }}>
            {size.width > 0 ? <Canvas width={scale.width} height={height} draw={draw} /> : null}
            <CursorLine scale={scale} />
            <ReplayVeil scale={scale} />
            {tip ? <SpanTip tip={tip} width={scale.width} /> : null}
          </div>
        </div>
      </div>
    </div>
  );
}

/** The largest so far: zooming must not push the page below up and down. */
function useTallest(height: number): number {
  const [tallest, setTallest] = useState(height);
  if (height > tallest) setTallest(height);
  return Math.max(height, tallest);
}

/** What stands on the lanes beside spans: marks, the selection, and how much happened where spans are too many. */
function useLaneMarks(spans: WindowSpans) {
  const { data, state } = useTrace();
  const marks = useMemo(
    () =>
      spans.marks.map((mark) => ({
        threadId: mark.thread_id,
        us: microsFromIso(mark.at) ?? 0,
        tone: mark.type.endsWith(".error") ? ("error" as const) : ("note" as const),
      })),
    [spans.marks],
  );
  const selected = useMemo(
    () =>
      new Set(
        spans.spans
          .filter((span) => [span.start_event_id, span.end_event_id].includes(state.eventId))
          .filter((span) => state.eventId !== null && span.kind !== "turn")
          .map((span) => span.id),
      ),
    [spans.spans, state.eventId],
  );
  const density = useMemo(
    () =>
      spans.tooMany && data.minimap && data.strip
        ? { lanes: data.minimap.lanes, fromUs: data.strip.fromUs, bucketUs: data.strip.bucketUs }
        : null,
    [spans.tooMany, data.minimap, data.strip],
  );
  return { marks, selected, density };
}

function hitAt(boxes: readonly LaneBox[], scale: TimeScale, x: number, y: number): LaneSpan | null {
  const place = trackAt(boxes, y);
  if (!place) return null;
  const reachUs = Math.max(0, scale.us(x + 3) - scale.us(x));
  return spanAt({ lane: place.box.lane, track: place.track, us: scale.us(x), reachUs });
}
