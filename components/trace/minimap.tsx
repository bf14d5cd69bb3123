"use client";
import { useCallback, useEffect, useEffectEvent, useRef } from "react";
import { Canvas } from "@/components/trace/canvas";
import { useCursor } from "@/components/trace/cursor";
import { drawMinimap } from "@/components/trace/draw-minimap";
import { usePalette } from "@/components/trace/palette";
import { CursorLine, ReplayVeil } from "@/components/trace/time-lines";
import { useTrace } from "@/components/trace/trace-context";
import { type TimeScale, type TimeWindow, within } from "@/lib/sessions/timeline";

const HEIGHT = 38;
/** Pixels beside the window's edges that take hold of them. */
const GRIP = 8;

type Drag =
  | { kind: "new"; x: number }
  | { kind: "move"; x: number }
  | { kind: "edge"; otherUs: number };

/** The whole session in one strip. Dragging chooses what the lanes below show. */
export function Minimap({ scale, bounds }: { scale: TimeScale; bounds: TimeWindow }) {
  const { data, time, zoom, setZoom } = useTrace();
  const palette = usePalette();
  const surface = useRef<HTMLDivElement | null>(null);
  const { strip } = data;
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      if (!palette || !strip) return;
      context.clearRect(0, 0, scale.width, HEIGHT);
      drawMinimap(context, {
        strip,
        segments: time.segments,
        scale,
        palette,
        height: HEIGHT,
        zoom,
      });
    },
    [palette, strip, time.segments, scale, zoom],
  );
  useBrush({ surface, scale, bounds, zoom, setZoom });
  return (
    <div
      ref={surface}
      className="relative cursor-crosshair touch-none rounded-sm bg-sunken"
      style={{ height: HEIGHT }}
    >
      <Canvas width={scale.width} height={HEIGHT} draw={draw} className="block" />
      <CursorLine scale={scale} />
      <ReplayVeil scale={scale} />
    </div>
  );
}

function useBrush(given: {
  surface: React.RefObject<HTMLDivElement | null>;
  scale: TimeScale;
  bounds: TimeWindow;
  zoom: TimeWindow | null;
  setZoom: (zoom: TimeWindow | null) => void;
}): void {
  const { surface } = given;
  const cursor = useCursor();
  const drag = useRef<Drag | null>(null);
  const start = useEffectEvent((x: number) => {
    const { scale, zoom } = given;
    const left = zoom ? scale.x(zoom.fromUs) : Number.NEGATIVE_INFINITY;
    const right = zoom ? scale.x(zoom.toUs) : Number.NEGATIVE_INFINITY;
    if (zoom && Math.abs(x - left) < GRIP) drag.current = { kind: "edge", otherUs: zoom.toUs };
    else if (zoom && Math.abs(x - right) < GRIP)
      drag.current = { kind: "edge", otherUs: zoom.fromUs };
    else if (x > left && x < right) drag.current = { kind: "move", x };
    else drag.current = { kind: "new", x };
  });
  const move = useEffectEvent((x: number) => {
    const { scale, bounds, zoom, setZoom } = given;
    const now = drag.current;
    cursor.set(scale.us(x));
    if (!now) return;
    if (now.kind === "move" && zoom) {
      const shown = { ...scale, window: zoom };
      setZoom(movedBy(shown, bounds, x - now.x));
      drag.current = { kind: "move", x };
      return;
    }
    if (now.kind === "new" && Math.abs(x - now.x) < 4) return;
    const otherUs = now.kind === "edge" ? now.otherUs : scale.us(now.kind === "new" ? now.x : x);
    const us = scale.us(x);
    const window = { fromUs: Math.min(us, otherUs), toUs: Math.max(us, otherUs) };
    setZoom(within(window, bounds, scale.warp));
  });
  const end = useEffectEvent((x: number) => {
    const now = drag.current;
    drag.current = null;
    // A click outside the window shows the whole again.
    if (now?.kind === "new" && Math.abs(x - now.x) < 4) given.setZoom(null);
  });
  useEffect(() => {
    const element = surface.current;
    if (!element) return;
    const x = (event: PointerEvent) => event.clientX - element.getBoundingClientRect().left;
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      start(x(event));
    };
    const onMove = (event: PointerEvent) => move(x(event));
    const onUp = (event: PointerEvent) => end(x(event));
    const onLeave = () => cursor.set(null);
    const control = new AbortController();
    const { signal } = control;
    element.addEventListener("pointerdown", onDown, { signal });
    element.addEventListener("pointermove", onMove, { signal });
    element.addEventListener("pointerup", onUp, { signal });
    element.addEventListener("pointercancel", onUp, { signal });
    element.addEventListener("pointerleave", onLeave, { signal });
    return () => control.abort();
  }, [surface, cursor]);
}

/** The zoomed window moved by pixels of the whole strip. */
function movedBy(scale: TimeScale, bounds: TimeWindow, pixels: number): TimeWindow {
  const fromUs = scale.us(scale.x(scale.window.fromUs) + pixels);
  const toUs = scale.us(scale.x(scale.window.toUs) + pixels);
  return within({ fromUs, toUs }, bounds, scale.warp);
}
