"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useTrace } from "@/components/trace/trace-context";
import type { EventWindow } from "@/components/trace/use-event-window";
import { rangeOf } from "@/lib/sessions/event-window";
import { eventAt } from "@/lib/sessions/page-queries";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";

/** Keeps the replayed instant inside the events at hand: reads on while playing, reads elsewhere after a leap. */
export function useReplayWindow(window: EventWindow): void {
  const { session, replay, jump } = useTrace();
  const client = useQueryClient();
  const range = useMemo(() => rangeOf(window.events), [window.events]);
  const { atUs } = replay;
  const before = range !== null && atUs !== null && atUs < (microsFromIso(range.from) ?? 0);
  const after = range !== null && atUs !== null && atUs > (microsFromIso(range.to) ?? 0);
  const outside = (before && !window.atStart) || (after && !window.atEnd);
  const asked = useRef<number | null>(null);
  const ready = window.loading === null;
  useEffect(() => {
    if (!outside || !ready || atUs === null || asked.current === atUs) return;
    asked.current = atUs;
    let here = true;
    client.fetchQuery(eventAt(session, { to: isoFromMicros(atUs) })).then(
      (page) => {
        const id = page.data[0]?.id;
        if (here) jump(id === undefined ? { kind: "start" } : { kind: "event", id });
      },
      () => {},
    );
    return () => {
      here = false;
    };
  }, [outside, ready, atUs, client, session, jump]);
}
