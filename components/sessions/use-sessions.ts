"use client";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { countNew, goneRows, mergeRows } from "@/components/sessions/merge";
import { useLiveInterval } from "@/components/shell/live";
import { useHints } from "@/components/shell/use-hints";
import { sessionsList, sessionsPageAt } from "@/lib/sessions/list-queries";

const LIVE_MS = 5000;
const HINT_REST_MS = 2000;

/**
 * The list, live: rows that are shown take on their newest values where they stand, rows that are
 * new are counted and wait until the reader asks for them.
 */
export function useSessions(key: string, params: () => URLSearchParams, visibleIndex: number) {
  const client = useQueryClient();
  const options = sessionsList(key, params);
  const list = useInfiniteQuery(options);
  useHints("/api/v1/live", { restMs: HINT_REST_MS, clockMs: LIVE_MS });
  const refetchInterval = useLiveInterval(LIVE_MS);
  const { data, hasNextPage } = list;
  const lengths = data?.pages.map((page) => page.data.length) ?? [];
  const at = pageOfIndex(lengths, visibleIndex);
  const cursor = at === 0 ? null : (data?.pages[at - 1]?.next_cursor ?? null);
  const live = { refetchInterval, enabled: list.isSuccess && !list.isPlaceholderData };
  const head = useQuery({ ...sessionsPageAt(key, params, null), ...live }).data;
  const seen = useQuery({ ...sessionsPageAt(key, params, cursor), ...live }).data;
  return useMemo(() => {
    const rows = mergeRows(data?.pages.flatMap((page) => page.data) ?? [], [head, seen]);
    return {
      list,
      rows,
      gone: goneRows(rows, [head, seen]),
      newCount: countNew(rows, head, hasNextPage),
      /** Begins again with the newest first page. */
      showNew: () => {
        if (head) client.setQueryData(options.queryKey, { pages: [head], pageParams: [null] });
      },
    };
  }, [list, data, head, seen, hasNextPage, client, options.queryKey]);
}

function pageOfIndex(lengths: readonly number[], index: number): number {
  let start = 0;
  for (const [page, length] of lengths.entries()) {
    start += length;
    if (index < start) return page;
  }
  return Math.max(0, lengths.length - 1);
}
