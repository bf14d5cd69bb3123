"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import { useTrace } from "@/components/trace/trace-context";
import type { EventWindow } from "@/components/trace/use-event-window";

/** Rows before either end of what is loaded at which more is asked for. */
const AHEAD = 30;
/** Time a leap to a row takes to settle, its neighbours being measured. */
const REST_MS = 200;

/**
 * A long list that grows both ways and keeps what is read in place. Brings the wished event into
 * view, sticks to the end while following or replaying, and asks for more before an end is reached.
 */
export function useRowList(given: {
  scroller: RefObject<HTMLDivElement | null>;
  count: number;
  keyOf: (index: number) => string;
  heightOf: (index: number) => number;
  /** Where an event's row is; -1 when it is not among them. Changes with the rows only. */
  indexOf: (eventId: string) => number;
  window: EventWindow;
}) {
  const { scroller, count, keyOf, heightOf, indexOf, window } = given;
  const { wish, anchor, jump, follow, setFollow, replay } = useTrace();
  const sticky = follow || replay.playing;
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    getItemKey: keyOf,
    estimateSize: heightOf,
    overscan: 8,
    anchorTo: "end",
    followOnAppend: sticky,
    useAnimationFrameWithResizeObserver: true,
  });

  const first = list.range?.startIndex ?? 0;
  const last = list.range?.endIndex ?? 0;
  const { loadBefore, loadAfter, loading, atStart, atEnd } = window;
  // More is asked for only once the list rests where it was told to: rows that come in above while
  // it still moves there would move its goal.
  const [rest, setRest] = useState<{ wish: object | null; anchor: object } | null>(null);
  const ready = loading === null && count > 0 && rest?.wish === wish && rest?.anchor === anchor;
  const wantsBefore = ready && !atStart && first < AHEAD;
  const wantsAfter = ready && !atEnd && last > count - AHEAD;
  const there = loading !== "first" && count > 0;
  useEffect(() => {
    if (!there) return;
    const timer = setTimeout(() => setRest({ wish, anchor }), REST_MS);
    return () => clearTimeout(timer);
  }, [wish, anchor, there]);
  const load = useEffectEvent((before: boolean) => (before ? loadBefore() : loadAfter()));
  useEffect(() => {
    if (wantsAfter) load(false);
    else if (wantsBefore) load(true);
  }, [wantsBefore, wantsAfter]);

  // A new place to read from: its list starts where the place says.
  const landed = useRef<object | null>(null);
  useEffect(() => {
    if (loading === "first" || count === 0 || landed.current === anchor) return;
    landed.current = anchor;
    if (anchor.kind === "end") list.scrollToIndex(count - 1, { align: "end" });
    else if (anchor.kind === "start") list.scrollToIndex(0);
    else list.scrollToIndex(Math.max(0, indexOf(anchor.id)), { align: "center" });
  }, [anchor, count, loading, indexOf, list]);

  // A wish is granted once: by scrolling where its row is at hand, else by reading around it.
  const granted = useRef<object | null>(null);
  useEffect(() => {
    if (!wish || granted.current === wish || loading === "first" || count === 0) return;
    granted.current = wish;
    const index = indexOf(wish.eventId);
    const align = wish.reveal === "near" ? "auto" : "center";
    if (index >= 0) list.scrollToIndex(index, { align });
    else if (anchor.kind !== "event" || anchor.id !== wish.eventId)
      jump({ kind: "event", id: wish.eventId });
  }, [wish, anchor, count, loading, indexOf, list, jump]);

  const stuckTo = replay.atUs ?? (follow ? 0 : null);
  useEffect(() => {
    if (stuckTo !== null && count > 0) list.scrollToIndex(count - 1, { align: "end" });
  }, [stuckTo, count, list]);

  /** A reader who scrolls up wants to read, not to be carried along. */
  const onWheel = (deltaY: number) => {
    if (follow && deltaY < 0) setFollow(false);
  };
  return { list, onWheel };
}
