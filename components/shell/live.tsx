"use client";
import { notifyManager, useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";

type Live = {
  paused: boolean;
  setPaused: (paused: boolean) => void;
  /** Whether the server tells of changes as they happen. */
  hearing: boolean;
  setHearing: (hearing: boolean) => void;
  /** It does not, and not only because the stream is just being opened. */
  polling: boolean;
};
const LiveContext = createContext<Live>({
  paused: false,
  setPaused: () => {},
  hearing: false,
  setHearing: () => {},
  polling: false,
});

const OPENING_MS = 3_000;

export function LiveProvider({ children }: { children: ReactNode }) {
  const [paused, setPaused] = useState(false);
  const [hearing, setHearing] = useState(false);
  const [polling, setPolling] = useState(false);
  useEffect(() => {
    if (hearing) return setPolling(false);
    const timer = setTimeout(() => setPolling(true), OPENING_MS);
    return () => clearTimeout(timer);
  }, [hearing]);
  return (
    <LiveContext value={{ paused, setPaused, hearing, setHearing, polling }}>
      {children}
    </LiveContext>
  );
}

export function useLive(): Live {
  return useContext(LiveContext);
}

/** While changes are told, asking by the clock is for what was told to nobody. */
const SELDOM_MS = 30_000;

/** A query's `refetchInterval`: `ms`, longer while the server tells of changes, false while paused. */
export function useLiveInterval(ms: number): number | false {
  const { paused, hearing } = useLive();
  if (paused) return false;
  return hearing ? Math.max(ms, SELDOM_MS) : ms;
}

export type Freshness = { updatedAtMs: number | null; failing: boolean };

/** When the data on this page last came, and whether asking again fails. */
export function useFreshness(): Freshness {
  const cache = useQueryClient().getQueryCache();
  const text = useSyncExternalStore(
    useCallback((changed) => cache.subscribe(notifyManager.batchCalls(changed)), [cache]),
    () => {
      const shown = cache.getAll().filter((query) => query.isActive());
      const newest = Math.max(0, ...shown.map((query) => query.state.dataUpdatedAt));
      const failing = shown.some((query) => query.state.fetchFailureCount > 0);
      return `${newest} ${failing}`;
    },
    () => "0 false",
  );
  const [newest, failing] = text.split(" ");
  return { updatedAtMs: Number(newest) || null, failing: failing === "true" };
}
