"use client";
import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds; false on the server and while hydrating. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    useCallback(
      (changed) => {
        const media = window.matchMedia(query);
        media.addEventListener("change", changed);
        return () => media.removeEventListener("change", changed);
      },
      [query],
    ),
    () => window.matchMedia(query).matches,
    () => false,
  );
}
