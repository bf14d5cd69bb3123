"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { SetTrace } from "@/components/trace/trace-state";
import type { TimeWindow } from "@/lib/sessions/timeline";

/** Browsers refuse many changes of the URL in a row: it follows the zoom when that rests. */
const REST_MS = 250;

/** The zoomed window: at once in the page, a moment later in the URL. */
export function useZoom(
  initial: TimeWindow | null,
  set: SetTrace,
): [TimeWindow | null, (zoom: TimeWindow | null) => void] {
  const [zoom, setZoom] = useState(initial);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  const change = useCallback(
    (next: TimeWindow | null) => {
      setZoom(next);
      clearTimeout(timer.current ?? undefined);
      timer.current = setTimeout(() => set({ zoom: next }, { replace: true }), REST_MS);
    },
    [set],
  );
  return [zoom, change];
}
