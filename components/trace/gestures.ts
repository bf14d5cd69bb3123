"use client";
import { type RefObject, useEffect, useEffectEvent } from "react";

type Gestures = {
  /** The pointer over the surface, in pixels from its corner. */
  hover: (x: number, y: number) => void;
  leave: () => void;
  click: (x: number, y: number) => void;
  pan: (pixels: number) => void;
  zoom: (x: number, factor: number) => void;
  /** Whether the wheel alone zooms; else it scrolls and zooms with the control key. */
  wheelZooms: boolean;
};

/** Pixels a finger may tremble and still mean a tap. */
const TREMBLE = 4;

/** Mouse, wheel and touch on a timeline: drag pans, wheel and pinch zoom, a tap selects. */
export function useGestures(ref: RefObject<HTMLElement | null>, gestures: Gestures): void {
  const on = useEffectEvent(<K extends keyof Gestures>(kind: K) => gestures[kind]);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const pointers = new Map<number, { x: number; y: number }>();
    let travelled = 0;
    const place = (event: PointerEvent | WheelEvent) => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top + element.scrollTop };
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0) return;
      if (pointers.size === 0) travelled = 0;
      pointers.set(event.pointerId, place(event));
    };
    const move = (event: PointerEvent) => {
      const now = place(event);
      const before = pointers.get(event.pointerId);
      if (!before) {
        if (event.pointerType !== "touch") on("hover")(now.x, now.y);
        return;
      }
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      travelled += Math.abs(now.x - before.x);
      if (travelled > TREMBLE) {
        element.setPointerCapture(event.pointerId);
        if (other) {
          const was = Math.max(12, Math.abs(before.x - other.x));
          const is = Math.max(12, Math.abs(now.x - other.x));
          on("zoom")((now.x + other.x) / 2, is / was);
        } else on("pan")(before.x - now.x);
      }
      pointers.set(event.pointerId, now);
    };
    const up = (event: PointerEvent) => {
      if (pointers.delete(event.pointerId) && travelled <= TREMBLE && event.type === "pointerup") {
        const { x, y } = place(event);
        on("click")(x, y);
      }
    };
    const leave = () => on("leave")();
    const wheel = (event: WheelEvent) => {
      const zooms = event.ctrlKey || event.metaKey || on("wheelZooms");
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!zooms && !sideways) return;
      event.preventDefault();
      if (sideways) on("pan")(event.deltaX || event.deltaY);
      else on("zoom")(place(event).x, Math.exp(-event.deltaY * 0.002));
    };
    return listen(element, { down, move, up, leave, wheel });
  }, [ref]);
}

type Listeners = {
  down: (event: PointerEvent) => void;
  move: (event: PointerEvent) => void;
  up: (event: PointerEvent) => void;
  leave: () => void;
  wheel: (event: WheelEvent) => void;
};

/** Adds the listeners; the answer takes them away. */
function listen(element: HTMLElement, { down, move, up, leave, wheel }: Listeners): () => void {
  const control = new AbortController();
  const { signal } = control;
  element.addEventListener("pointerdown", down, { signal });
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("pointercancel", up, { signal });
  element.addEventListener("pointerleave", leave, { signal });
  // Not passive: the page must not scroll or zoom along.
  element.addEventListener("wheel", wheel, { signal, passive: false });
  return () => control.abort();
}
