"use client";
import { useQuery } from "@tanstack/react-query";
import { useMarkers } from "@/components/agents/use-markers";
import { byIn } from "@/components/costs/answers";
import { byOf, costQuestions, costsKey, topParams } from "@/components/costs/questions";
import { rowsOf } from "@/components/costs/rows";
import { groupSeries } from "@/components/metrics/answers";
import { agentsShown, sessionsKey } from "@/components/metrics/asked";
import { LIVE_MS, useAnswers } from "@/components/metrics/use-answers";
import { useAsked } from "@/components/metrics/use-asked";
import { useLiveInterval } from "@/components/shell/live";
import { sessionsTop } from "@/lib/sessions/list-queries";

/** Everything the costs page shows, from the URL. */
export function useCosts() {
  const { asked, ...page } = useAsked();
  const refetchInterval = useLiveInterval(LIVE_MS);
  const answers = useAnswers(asked, costsKey(asked), costQuestions);
  const dearest = useQuery({
    ...sessionsTop(sessionsKey(asked), () => topParams(asked, Date.now())),
    refetchInterval,
  });
  const by = answers.isPlaceholderData && answers.data ? byIn(answers.data) : byOf(asked.params);
  const rows = answers.data ? rowsOf(by, answers.data, page.nameOf) : [];
  const drawn = (answers.data?.trend ?? []).flatMap(groupSeries).filter(({ isOther }) => !isOther);
  const markers = useMarkers(asked, agentsShown(asked.params, by, drawn));
  return { ...page, asked, answers, dearest, by, rows, markers };
}
export type Costs = ReturnType<typeof useCosts>;
