"use client";
import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import { useTrace } from "@/components/trace/trace-context";
import type { EventWindow } from "@/components/trace/use-event-window";

/** Rows before either end of what is loaded at which more is asked for. */
const AHEAD = 30;
/** Time a leap to a row takes to settle, its neighbours being measured. */
const REST_MS = 200;

type List = Virtualizer<HTMLDivElement, Element>;

type RowListProps = {
  scroller: RefObject<HTMLDivElement | null>;
  count: number;
  keyOf: (index: number) => string;
  heightOf: (index: number) => number;
  /** Where an event's row is; -1 when it is not among them. Changes with the rows only. */
  indexOf: (eventId: string) => number;
  window: EventWindow;
};

/**
 * A long list that grows both ways and keeps what is read in place. Brings the wished event into
 * view, sticks to the end while following or replaying, and asks for more before an end is reached.
 */
export function useRowList(given: RowListProps) {
  const { scroller, count, keyOf, heightOf, indexOf, window } = given;
  const { follow, setFollow, replay } = useTrace();
  const list: List = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    getItemKey: keyOf,
    estimateSize: heightOf,
    overscan: 8,
    anchorTo: "end",
    followOnAppend: follow || replay.playing,
    useAnimationFrameWithResizeObserver: true,
  });
  const there = window.loading !== "first" && count > 0;
  useMore({ list, count, there, window });
  useLeaps({ list, count, there, indexOf });
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

/**
 * Asks for more events near either end, but only once the list rests where it was told to: rows that
 * come in above while it still moves there would move its goal.
 */
function useMore(given: { list: List; count: number; there: boolean; window: EventWindow }): void {
  const { list, count, there, window } = given;
  const { wish, anchor } = useTrace();
  const [rest, setRest] = useState<{ wish: object | null; anchor: object } | null>(null);
  useEffect(() => {
    if (!there) return;
    const timer = setTimeout(() => setRest({ wish, anchor }), REST_MS);
    return () => clearTimeout(timer);
  }, [wish, anchor, there]);
  const { loading, atStart, atEnd } = window;
  const rests = rest?.wish === wish && rest?.anchor === anchor;
  const ready = there && rests && loading === null;
  const wantsBefore = ready && !atStart && (list.range?.startIndex ?? 0) < AHEAD;
  const wantsAfter = ready && !atEnd && (list.range?.endIndex ?? 0) > count - AHEAD;
  const load = useEffectEvent((before: boolean) =>
    before ? window.loadBefore() : window.loadAfter(),
  );
  useEffect(() => {
    if (wantsAfter) load(false);
    else if (wantsBefore) load(true);
  }, [wantsBefore, wantsAfter]);
}

/** Leaps: to where a new reading place says, and to the event that shall be seen. */
function useLeaps(given: {
  list: List;
  count: number;
  there: boolean;
  indexOf: (eventId: string) => number;
}): void {
  const { list, count, there, indexOf } = given;
  const { wish, anchor, jump } = useTrace();
  const landed = useRef<object | null>(null);
  useEffect(() => {
    if (!there || landed.current === anchor) return;
    landed.current = anchor;
    if (anchor.kind === "end") list.scrollToIndex(count - 1, { align: "end" });
    else if (anchor.kind === "start") list.scrollToIndex(0);
    else list.scrollToIndex(Math.max(0, indexOf(anchor.id)), { align: "center" });
  }, [anchor, count, there, indexOf, list]);

  // A wish is granted once: by scrolling where its row is at hand, else by reading around it.
  const granted = useRef<object | null>(null);
  useEffect(() => {
    if (!there || !wish || granted.current === wish) return;
    granted.current = wish;
    const index = indexOf(wish.eventId);
    const align = wish.reveal === "near" ? "auto" : "center";
    if (index >= 0) list.scrollToIndex(index, { align });
    else if (anchor.kind !== "event" || anchor.id !== wish.eventId)
      jump({ kind: "event", id: wish.eventId });
  }, [wish, anchor, there, indexOf, list, jump]);
}
