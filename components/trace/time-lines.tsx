"use client";
import { useEffect, useRef } from "react";
import { useCursorMoves } from "@/components/trace/cursor";
import { useTrace } from "@/components/trace/trace-context";
import type { TimeScale } from "@/lib/sessions/timeline";

/** The line under the pointer, at the same instant in every panel. */
export function CursorLine({ scale }: { scale: TimeScale }) {
  const ref = useRef<HTMLDivElement | null>(null);
  useCursorMoves((us) => {
    const line = ref.current;
    if (!line) return;
    const x = us === null ? -1 : scale.x(us);
    line.hidden = x < 0 || x > scale.width;
    line.style.transform = `translateX(${Math.round(x)}px)`;
  });
  return (
    <div
      ref={ref}
      hidden
      aria-hidden
      className="pointer-events-none absolute inset-y-0 left-0 w-px bg-ink-3"
    />
  );
}

/** What lies after the replayed instant, veiled. */
export function ReplayVeil({ scale }: { scale: TimeScale }) {
  const { replay } = useTrace();
  const ref = useRef<HTMLDivElement | null>(null);
  useEffect(() => {
    const place = (us: number | null) => {
      const veil = ref.current;
      if (!veil) return;
      veil.hidden = us === null;
      if (us === null) return;
      const x = Math.min(scale.width, Math.max(0, scale.x(us)));
      veil.style.left = `${x}px`;
      veil.style.borderLeftWidth = x > 0 && x < scale.width ? "2px" : "0";
    };
    place(replay.line.get());
    return replay.line.subscribe(place);
  }, [replay.line, scale]);
  return (
    <div
      ref={ref}
      hidden
      aria-hidden
      className="pointer-events-none absolute inset-y-0 right-0 border-accent bg-[color-mix(in_srgb,var(--surface)_82%,transparent)]"
    />
  );
}
