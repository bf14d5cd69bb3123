"use client";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { coalesce } from "@/components/shell/coalesce";
import { openHints } from "@/components/shell/hint-stream";
import { useLive } from "@/components/shell/live";

const CATCH_UP_MS = 1_000;

/**
 * Asks for the page's live data as soon as the server tells that it changed, at most every `restMs`.
 * One for each page, for `path`, null for none: while it is open, `useLiveInterval` asks seldom. What
 * changed before it was open comes when it would have come by the clock, after `clockMs`.
 */
export function useHints(
  path: string | null,
  { restMs, clockMs }: { restMs: number; clockMs: number },
): void {
  const client = useQueryClient();
  const { paused, setHearing } = useLive();
  // As it was when the page was opened; then a gap, or a pause, is what there is to catch up with.
  const catchUpMs = useRef(clockMs);
  useEffect(() => {
    if (paused || path === null) return;
    const asking = coalesce(() => refetchLive(client), restMs);
    const close = openHints(path, {
      onLive(live) {
        setHearing(live);
        if (!live) return;
        asking.ask(catchUpMs.current);
        catchUpMs.current = CATCH_UP_MS;
      },
      onChange: () => asking.ask(),
    });
    return () => {
      close();
      asking.stop();
    };
  }, [client, path, paused, restMs, setHearing]);
}

/** What is asked again and again anyway, whatever room it is of. */
function refetchLive(client: QueryClient): Promise<void> {
  return client.refetchQueries({
    type: "active",
    predicate: (query) =>
      query.observers.some(({ options: { refetchInterval } }) =>
        typeof refetchInterval === "function" ? refetchInterval(query) : refetchInterval,
      ),
  });
}
