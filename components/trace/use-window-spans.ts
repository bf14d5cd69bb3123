"use client";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTrace } from "@/components/trace/trace-context";
import { WINDOW_SPANS } from "@/lib/sessions/page-sizes";
import { sessionTrace } from "@/lib/sessions/queries";
import type { MarkItem, SpanItem } from "@/lib/sessions/schema";
import { isoFromMicros } from "@/lib/time/micros";

export type WindowSpans = {
  spans: readonly SpanItem[];
  marks: readonly MarkItem[];
  /** More spans than one answer holds: draw how much happened, not each of them. */
  tooMany: boolean;
  loading: boolean;
  error: Error | null;
};

const REST_MS = 150;

/** A value that has stood still for a moment: zooming and dragging must not ask at every step. */
export function useRested<T>(value: T, ms = REST_MS): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}

/** The spans of the zoomed window: from the first answer where it holds them all, else asked for. */
export function useWindowSpans(): WindowSpans {
  const { session, data, zoom, time } = useTrace();
  const window = useRested(zoom);
  const range = useMemo(() => {
    if (!window || !time.bounds) return null;
    // Half a window of air on both sides, so that dragging shows what is there at once.
    const airUs = (window.toUs - window.fromUs) / 2;
    return {
      from: isoFromMicros(Math.max(time.bounds.fromUs, Math.round(window.fromUs - airUs))),
      to: isoFromMicros(Math.min(time.bounds.toUs, Math.round(window.toUs + airUs))),
    };
  }, [window, time.bounds]);
  const wanted = data.allSpans === null && range !== null;
  const query = useInfiniteQuery({
    ...sessionTrace(session, { ...(range ?? {}), limit: WINDOW_SPANS }),
    enabled: wanted,
    placeholderData: keepPreviousData,
  });
  const page = wanted ? query.data?.pages[0] : undefined;
  const tooMany = data.allSpans === null && (page ? page.next_cursor !== null : true);
  const marks = data.allSpans ? data.page.marks : page?.marks;
  return {
    spans: data.allSpans ?? page?.data ?? NONE,
    marks: tooMany ? NONE : (marks ?? NONE),
    tooMany,
    loading: wanted && query.isFetching,
    error: wanted && !page ? query.error : null,
  };
}

const NONE: never[] = [];
