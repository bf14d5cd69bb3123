"use client";
import { useCallback, useMemo, useState } from "react";
import { useReplay } from "@/components/trace/replay";
import type { Trace } from "@/components/trace/trace-context";
import { useTraceState } from "@/components/trace/trace-state";
import type { Anchor } from "@/components/trace/trace-url";
import { useSessionData } from "@/components/trace/use-session-data";
import { useTimeline } from "@/components/trace/use-timeline";
import { useZoom } from "@/components/trace/use-zoom";
import type { Named } from "@/lib/sessions/named";
import { threadNames } from "@/lib/sessions/transcript-index";

const NONE: never[] = [];

/** Reads a session and makes what its panels share. */
export function useNewTrace(session: Named): Trace {
  const { state, set } = useTraceState();
  const [first] = useState(state);
  const data = useSessionData(session);
  const { item, live, page, strip } = data;
  const time = useTimeline({ item, live, band: page.state_band ?? NONE, strip });
  const [zoom, setZoom] = useZoom(first.zoom, set);
  const remember = useCallback((us: number | null) => set({ atUs: us }, { replace: true }), [set]);
  const replay = useReplay({
    bounds: time.bounds,
    warp: time.warp,
    initialUs: first.atUs,
    remember,
  });
  const [anchor, setAnchor] = useState(first.anchor);
  const [wish, setWish] = useState<Trace["wish"]>(
    first.eventId === null ? null : { eventId: first.eventId, reveal: "center" },
  );
  const [follow, setFollow] = useState(false);
  const select = useCallback<Trace["select"]>(
    (eventId, options) => {
      set({ eventId }, { replace: true });
      if (eventId !== null && options?.reveal) setWish({ eventId, reveal: options.reveal });
    },
    [set],
  );
  const jump = useCallback(
    (next: Anchor) => {
      setAnchor(next);
      if (next.kind !== "event") setWish(null);
      set({ anchor: next }, { replace: true });
    },
    [set],
  );
  const nameOf = useMemo(() => threadNames(page.threads ?? NONE), [page.threads]);
  return {
    session,
    data,
    time,
    nameOf,
    state,
    set,
    zoom,
    setZoom,
    select,
    wish,
    anchor,
    jump,
    follow,
    setFollow,
    replay,
  };
}
