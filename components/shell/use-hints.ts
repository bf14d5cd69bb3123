"use client";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { coalesce } from "@/components/shell/coalesce";
import { openHints } from "@/components/shell/hint-stream";
import { useLive } from "@/components/shell/live";

/** What was missed before the stream was open: asked for when the page has come to rest. */
const CATCH_UP_MS = 3_000;

/**
 * Asks for the page's live data as soon as the server tells that it changed, at most every `restMs`.
 * One for each page, for `path`, null for none: while it is open, `useLiveInterval` asks seldom.
 */
export function useHints(path: string | null, restMs: number): void {
  const client = useQueryClient();
  const { paused, setHearing } = useLive();
  useEffect(() => {
    if (paused || path === null) return;
    const asking = coalesce(() => refetchLive(client), restMs);
    const close = openHints(path, {
      onLive(live) {
        setHearing(live);
        if (live) asking.ask(CATCH_UP_MS);
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
