"use client";
import { useCallback, useRef, useState } from "react";
import { Time } from "@/components/shell/time";
import { BAND_MARKS, BAND_TOKENS } from "@/components/trace/band-look";
import { Canvas } from "@/components/trace/canvas";
import { useCursor } from "@/components/trace/cursor";
import { useGestures } from "@/components/trace/gestures";
import { usePalette } from "@/components/trace/palette";
import { CursorLine, ReplayVeil } from "@/components/trace/time-lines";
import { useTrace } from "@/components/trace/trace-context";
import { Mark } from "@/components/ui/mark";
import { formatDuration } from "@/lib/format";
import { BAND_WORDS, type Segment, segmentAt } from "@/lib/sessions/band";
import { panned, type TimeScale, type TimeWindow, zoomed } from "@/lib/sessions/timeline";

const HEIGHT = 14;

/** What the session was doing when; hovering tells from when to when. */
export function StateBand({ scale, bounds }: { scale: TimeScale; bounds: TimeWindow }) {
  const { time, setZoom } = useTrace();
  const palette = usePalette();
  const cursor = useCursor();
  const surface = useRef<HTMLDivElement | null>(null);
  const [tip, setTip] = useState<{ segment: Segment; x: number } | null>(null);
  const { segments } = time;
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      if (!palette) return;
      context.clearRect(0, 0, scale.width, HEIGHT);
      for (const segment of segments) {
        const left = scale.x(segment.fromUs);
        const width = Math.max(1, scale.x(segment.toUs) - left);
        if (left > scale.width || left + width < 0) continue;
        context.fillStyle = palette[BAND_TOKENS[segment.state]];
        context.fillRect(left, 2, width, HEIGHT - 4);
      }
    },
    [palette, scale, segments],
  );
  useGestures(surface, {
    hover(x) {
      cursor.set(scale.us(x));
      const segment = segmentAt(segments, scale.us(x));
      setTip(segment ? { segment, x } : null);
    },
    leave() {
      cursor.set(null);
      setTip(null);
    },
    click: (x) => {
      const segment = segmentAt(segments, scale.us(x));
      setTip(segment ? { segment, x } : null);
    },
    pan: (pixels) => setZoom(panned(scale, bounds, pixels)),
    zoom: (x, factor) => setZoom(zoomed({ scale, bounds, anchorUs: scale.us(x), factor })),
    wheelZooms: true,
  });
  return (
    <div ref={surface} className="relative touch-pan-y" style={{ height: HEIGHT }}>
      <Canvas width={scale.width} height={HEIGHT} draw={draw} className="block" />
      <CursorLine scale={scale} />
      <ReplayVeil scale={scale} />
      {tip ? <SegmentTip {...tip} width={scale.width} /> : null}
    </div>
  );
}

function SegmentTip({ segment, x, width }: { segment: Segment; x: number; width: number }) {
  return (
    <div
      className="pointer-events-none absolute top-full z-20 mt-1 whitespace-nowrap rounded-md border border-line-strong bg-raised px-2 py-1 text-sm"
      style={x < width / 2 ? { left: x } : { right: width - x }}
    >
      <Mark {...BAND_MARKS[segment.state]} word={BAND_WORDS[segment.state]} />{" "}
      <span className="text-ink-2">
        {formatDuration((segment.toUs - segment.fromUs) / 1000)} ·{" "}
        <Time at={segment.fromUs / 1000} style="second" /> –{" "}
        {segment.open ? "now" : <Time at={segment.toUs / 1000} style="second" />}
      </span>
    </div>
  );
}
