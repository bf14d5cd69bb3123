"use client";
import { createContext, useContext } from "react";
import type { Replay } from "@/components/trace/replay";
import type { SetTrace } from "@/components/trace/trace-state";
import type { Anchor, TraceState } from "@/components/trace/trace-url";
import type { useSessionData } from "@/components/trace/use-session-data";
import type { useTimeline } from "@/components/trace/use-timeline";
import type { Named } from "@/lib/sessions/named";
import type { TimeWindow } from "@/lib/sessions/timeline";

export type Reveal = "center" | "near";

/** Everything the panels of one session share. */
export type Trace = {
  session: Named;
  data: ReturnType<typeof useSessionData>;
  time: ReturnType<typeof useTimeline>;
  nameOf: (threadId: string | null) => string;
  state: TraceState;
  set: SetTrace;
  zoom: TimeWindow | null;
  setZoom: (zoom: TimeWindow | null) => void;
  /** Selects an event and, with `reveal`, brings its row into view: its middle, or just inside. */
  select: (eventId: string | null, options?: { reveal?: Reveal }) => void;
  /** What shall be brought into view; a new object for every wish. */
  wish: { eventId: string; reveal: Reveal } | null;
  /** Where the lists of events were last told to begin. */
  anchor: Anchor;
  jump: (anchor: Anchor) => void;
  /** Sticks to the end while the session goes on. */
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
