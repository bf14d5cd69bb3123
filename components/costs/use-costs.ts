"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { byIn } from "@/components/costs/answers";
import { byOf, costQuestions, costsKey, topParams } from "@/components/costs/questions";
import { rowsOf } from "@/components/costs/rows";
import {
  filtersOf,
  isAllTime,
  OLDEST,
  sessionsKey,
  sessionsParams,
} from "@/components/metrics/asked";
import { namesIn } from "@/components/sessions/filter-menu";
import { useLiveInterval } from "@/components/shell/live";
import { useScope, useUrlState } from "@/components/shell/scope";
import { metricAnswers } from "@/lib/metrics/queries";
import { sessionsTop } from "@/lib/sessions/list-queries";
import { sessionCounts } from "@/lib/sessions/queries";

const LIVE_MS = 15_000;

/** Everything the costs page shows, from the URL. */
export function useCosts() {
  const { params, set } = useUrlState();
  const { scope, tz } = useScope();
  const client = useQueryClient();
  const refetchInterval = useLiveInterval(LIVE_MS);
  const text = params.toString();
  const asked = useMemo(
    () => ({ params: new URLSearchParams(text), scope, tz }),
    [text, scope, tz],
  );
  const answers = useQuery({
    ...metricAnswers(costsKey(asked), async () => {
      const oldest = isAllTime(scope)
        ? await client.fetchQuery(sessionsTop("oldest", () => new URLSearchParams(OLDEST)))
        : null;
      return costQuestions(asked, Date.now(), Date.parse(oldest?.data[0]?.started_at ?? ""));
    }),
    refetchInterval,
  });
  const key = sessionsKey(asked);
  const counts = useQuery(sessionCounts(key, () => sessionsParams(asked, Date.now())));
  const dearest = useQuery({
    ...sessionsTop(key, () => topParams(asked, Date.now())),
    refetchInterval,
  });
  const facets = counts.data?.facets;
  const nameOf = useMemo(() => namesIn(facets), [facets]);
  const by = answers.isPlaceholderData && answers.data ? byIn(answers.data) : byOf(asked.params);
  return {
    params: asked.params,
    filters: filtersOf(asked.params),
    set,
    answers,
    dearest,
    facets,
    nameOf,
    by,
    rows: answers.data ? rowsOf(by, answers.data, nameOf) : [],
  };
}
export type Costs = ReturnType<typeof useCosts>;
