"use client";
import { useMemo, useState } from "react";
import { useNow } from "@/components/shell/display";
import { restingParts, segmentsOf } from "@/lib/sessions/band";
import type { BandSegment, SessionItem } from "@/lib/sessions/schema";
import { busyParts, type Strip } from "@/lib/sessions/strip";
import { isSqueezed, squeezeIdle, straight, type TimeWindow } from "@/lib/sessions/timeline";
import { microsFromIso } from "@/lib/time/micros";

/** While nothing can happen the clock need not move. */
const STILL_MS = 86_400_000;

/** A session's stretch of time, its states in it, and how time is laid out along a line. */
export function useTimeline(given: {
  item: SessionItem;
  live: boolean;
  band: readonly BandSegment[];
  strip: Strip | null;
}) {
  const { item, live, band, strip } = given;
  const nowUs = useNow(live ? 1000 : STILL_MS) * 1000;
  const [squeezed, setSqueezed] = useState(true);
  const fromUs = earliest(microsFromIso(item.started_at ?? ""), strip?.fromUs ?? null);
  const lastUs = latest(microsFromIso(item.last_event_at ?? ""), strip?.toUs ?? null);
  const toUs = live ? latest(lastUs, nowUs) : lastUs;
  const bounds = useMemo<TimeWindow | null>(
    () =>
      fromUs === null || toUs === null ? null : { fromUs, toUs: Math.max(toUs, fromUs + 1000) },
    [fromUs, toUs],
  );
  const segments = useMemo(() => (bounds ? segmentsOf(band, bounds.toUs) : []), [band, bounds]);
  const warp = useMemo(() => {
    if (!bounds) return null;
    const tight = squeezeIdle({
      bounds,
      idle: restingParts(segments),
      busy: strip ? busyParts(strip) : [bounds],
    });
    return { tight, loose: straight(bounds) };
  }, [bounds, segments, strip]);
  return {
    bounds,
    segments,
    warp: warp && (squeezed ? warp.tight : warp.loose),
    /** Null where there is no idle time worth squeezing. */
    squeezed: warp && isSqueezed(warp.tight) ? squeezed : null,
    setSqueezed,
  };
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function latest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
