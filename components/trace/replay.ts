"use client";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Cursor, createCursor } from "@/components/trace/cursor";
import { along, instantAt, type TimeWarp, type TimeWindow } from "@/lib/sessions/timeline";

export const SPEEDS = [1, 4, 16, 64, 256] as const;

export type Replay = {
  /** The replayed instant; null is the present. Follows the playing a few times a second. */
  atUs: number | null;
  /** The same, at every frame, for lines that move. */
  line: Cursor;
  playing: boolean;
  speed: number;
  setSpeed: (speed: number) => void;
  seek: (us: number | null) => void;
  toggle: () => void;
};

/** How often panels that must be built anew follow the playing. */
const STEP_MS = 120;
/** The longest a frame may be taken for: a page in the background does not leap when it comes back. */
const FRAME_MS = 250;

/** Plays a session's time, squeezed idle time faster, and stops at its end. `remember` gets every place it rests at. */
export function useReplay(given: {
  bounds: TimeWindow | null;
  warp: TimeWarp | null;
  initialUs: number | null;
  remember: (us: number | null) => void;
}): Replay {
  const { bounds, warp, initialUs, remember } = given;
  const [atUs, setAtUs] = useState(initialUs);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(SPEEDS[1]);
  const [line] = useState(createCursor);
  const now = useRef(initialUs);
  useEffect(() => {
    if (!playing) line.set(atUs);
  }, [line, atUs, playing]);
  const onEnd = useCallback(
    (us: number) => {
      setPlaying(false);
      remember(us);
    },
    [remember],
  );
  usePlaying({ playing, bounds, warp, speed, now, line, onStep: setAtUs, onEnd });
  return useMemo(
    () => ({
      atUs,
      line,
      playing,
      speed,
      setSpeed,
      seek(us) {
        now.current = us;
        setAtUs(us);
        if (us === null) setPlaying(false);
        remember(us);
      },
      toggle() {
        if (playing) remember(now.current);
        else if (now.current === null || now.current >= (bounds?.toUs ?? 0)) {
          now.current = bounds?.fromUs ?? null;
          setAtUs(now.current);
        }
        setPlaying(!playing);
      },
    }),
    [atUs, line, playing, speed, bounds, remember],
  );
}

/** Moves `now` and the line on at every frame while playing. */
function usePlaying(given: {
  playing: boolean;
  bounds: TimeWindow | null;
  warp: TimeWarp | null;
  speed: number;
  now: RefObject<number | null>;
  line: Cursor;
  onStep: (us: number) => void;
  onEnd: (us: number) => void;
}): void {
  const { playing, bounds, warp, speed, now, line, onStep, onEnd } = given;
  useEffect(() => {
    if (!playing || !bounds || !warp) return;
    let last: number | null = null;
    let told = 0;
    let frame = 0;
    const step = (time: number) => {
      const passedMs = last === null ? 0 : Math.min(FRAME_MS, time - last);
      last = time;
      const from = along(warp, now.current ?? bounds.fromUs);
      const us = Math.min(bounds.toUs, instantAt(warp, from + passedMs * 1000 * speed));
      now.current = us;
      line.set(us);
      const ended = us >= bounds.toUs;
      if (time - told > STEP_MS || ended) {
        told = time;
        onStep(us);
      }
      if (ended) onEnd(us);
      else frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [playing, bounds, warp, speed, now, line, onStep, onEnd]);
}
