"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Asked, filtersOf, sessionsKey, sessionsParams } from "@/components/metrics/asked";
import { namesIn } from "@/components/sessions/filter-menu";
import { useScope, useUrlState } from "@/components/shell/scope";
import { sessionCounts } from "@/lib/sessions/queries";

/** Range, filters and zone of a page of metrics, from the URL, and what can be filtered by. */
export function useAsked() {
  const { params, set } = useUrlState();
  const { scope, tz } = useScope();
  const text = params.toString();
  const asked: Asked = useMemo(
    () => ({ params: new URLSearchParams(text), scope, tz }),
    [text, scope, tz],
  );
  const counts = useQuery(
    sessionCounts(sessionsKey(asked), () => sessionsParams(asked, Date.now())),
  );
  const facets = counts.data?.facets;
  const nameOf = useMemo(() => namesIn(facets), [facets]);
  return { asked, params: asked.params, filters: filtersOf(asked.params), set, facets, nameOf };
}
