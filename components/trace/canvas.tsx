"use client";
import { type RefObject, useEffect, useRef, useState } from "react";

/** The size of an element in CSS pixels; zero until it is measured. */
export function useSize<T extends HTMLElement>(): [
  RefObject<T | null>,
  { width: number; height: number },
] {
  const ref = useRef<T | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (box) setSize({ width: Math.floor(box.width), height: Math.floor(box.height) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}

type Draw = (context: CanvasRenderingContext2D) => void;

/** A canvas as sharp as the screen that draws again when `draw` changes. Decoration: what it shows stands elsewhere as text. */
export function Canvas({
  width,
  height,
  draw,
  className,
}: {
  width: number;
  height: number;
  draw: Draw;
  className?: string;
}) {
  const ref = useRef<HTMLCanvasElement | null>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const canvas = ref.current;
      const context = canvas?.getContext("2d");
      if (!canvas || !context || width === 0 || height === 0) return;
      const ratio = window.devicePixelRatio || 1;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      draw(context);
    });
    return () => cancelAnimationFrame(frame);
  }, [draw, width, height]);
  return <canvas ref={ref} aria-hidden className={className} style={{ width, height }} />;
}
