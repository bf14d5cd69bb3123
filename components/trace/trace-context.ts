"use client";
import { createContext, useContext } from "react";
import type { Replay } from "@/components/trace/replay";
import type { Anchor, SetTrace, TraceState } from "@/components/trace/trace-state";
import type { Segment } from "@/lib/sessions/band";
import type { Minimap } from "@/lib/sessions/detail-schema";
import type { MarkItem, SessionItem, SpanItem, ThreadItem } from "@/lib/sessions/schema";
import type { Strip } from "@/lib/sessions/strip";
import type { TimeWarp, TimeWindow } from "@/lib/sessions/timeline";

/** Everything the panels of one session share. */
export type Trace = {
  item: SessionItem;
  /** More may come: lists are asked again every few seconds. */
  live: boolean;
  threads: readonly ThreadItem[];
  nameOf: (threadId: string | null) => string;
  marks: readonly MarkItem[];
  /** The whole session's spans, where they are few enough to have come at once; else null. */
  allSpans: readonly SpanItem[] | null;
  minimap: Minimap | null;
  strip: Strip | null;
  segments: readonly Segment[];
  bounds: TimeWindow | null;
  warp: TimeWarp | null;
  squeezed: boolean;
  setSqueezed: (squeezed: boolean) => void;
  zoom: TimeWindow | null;
  setZoom: (zoom: TimeWindow | null) => void;
  state: TraceState;
  set: SetTrace;
  /** Selects an event and, with `reveal`, brings its row into view. */
  select: (eventId: string | null, options?: { reveal?: boolean }) => void;
  /** What shall be brought into view; a new object for every wish. */
  wish: { eventId: string } | null;
  anchor: Anchor;
  jump: (anchor: Anchor) => void;
  follow: boolean;
  setFollow: (follow: boolean) => void;
  replay: Replay;
};

const TraceContext = createContext<Trace | null>(null);
export const TraceProvider = TraceContext;

export function useTrace(): Trace {
  const trace = useContext(TraceContext);
  if (!trace) throw new Error("This part of the session page stands outside of its provider.");
  return trace;
}
