"use client";
import { notifyManager, useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useState,
  useSyncExternalStore,
} from "react";

type Live = { paused: boolean; setPaused: (paused: boolean) => void };
const LiveContext = createContext<Live>({ paused: false, setPaused: () => {} });

export function LiveProvider({ children }: { children: ReactNode }) {
  const [paused, setPaused] = useState(false);
  return <LiveContext value={{ paused, setPaused }}>{children}</LiveContext>;
}

export function useLive(): Live {
  return useContext(LiveContext);
}

/** A query's `refetchInterval`: `ms` while the page is live, false while it is paused. */
export function useLiveInterval(ms: number): number | false {
  return useLive().paused ? false : ms;
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
