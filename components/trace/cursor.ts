"use client";
import { createContext, useContext, useEffect, useEffectEvent, useState } from "react";

/**
 * The instant under the pointer, shared by every panel. A store of its own and not React state: it
 * moves with the mouse, and only lines and tooltips follow it.
 */
export type Cursor = {
  get: () => number | null;
  set: (us: number | null) => void;
  subscribe: (listener: (us: number | null) => void) => () => void;
};

export function createCursor(): Cursor {
  let value: number | null = null;
  const listeners = new Set<(us: number | null) => void>();
  return {
    get: () => value,
    set(us) {
      if (us === value) return;
      value = us;
      for (const listener of listeners) listener(us);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

const CursorContext = createContext<Cursor>(createCursor());
export const CursorProvider = CursorContext;

export function useCursor(): Cursor {
  return useContext(CursorContext);
}

/** Runs `follow` whenever the cursor moves, without rendering. */
export function useCursorMoves(follow: (us: number | null) => void): void {
  const cursor = useCursor();
  const moved = useEffectEvent(follow);
  useEffect(() => {
    moved(cursor.get());
    return cursor.subscribe((us) => moved(us));
  }, [cursor]);
}

export function useNewCursor(): Cursor {
  return useState(createCursor)[0];
}
