"use client";
import { useQuery } from "@tanstack/react-query";
import { useMarkers } from "@/components/agents/use-markers";
import {
  byOf,
  failureQuestions,
  failuresKey,
  groupsParams,
  rangeKey,
  rangeParams,
  refusedParams,
  stuckParams,
} from "@/components/failures/questions";
import { rowsOf } from "@/components/failures/rows";
import { groupSeries } from "@/components/metrics/answers";
import { agentsShown, sessionsKey } from "@/components/metrics/asked";
import { LIVE_MS, useAnswers, useNowAsking } from "@/components/metrics/use-answers";
import { useAsked } from "@/components/metrics/use-asked";
import { useLiveInterval } from "@/components/shell/live";
import { affectedSessions, errorGroups, stuckSessions } from "@/lib/failures/queries";
import { sessionsTop } from "@/lib/sessions/list-queries";

/** Everything the failures page shows, from the URL. */
export function useFailures() {
  const { asked, ...page } = useAsked();
  const now = useNowAsking(asked);
  const refetchInterval = useLiveInterval(LIVE_MS);
  const answers = useAnswers(asked, failuresKey(asked), failureQuestions);
  const refused = useQuery({
    ...sessionsTop(`refused ${sessionsKey(asked)}`, () => refusedParams(asked, Date.now())),
    refetchInterval,
  });
  const groups = useQuery({
    ...errorGroups(`${rangeKey(asked)} ${asked.params.get("groups")}`, () => now(groupsParams)),
    refetchInterval,
  });
  const affected = useQuery({
    ...affectedSessions(rangeKey(asked), () => now(rangeParams)),
    refetchInterval,
  });
  const stuck = useQuery({ ...stuckSessions(stuckParams(asked)), refetchInterval });
  const shown = Object.keys(answers.data?.trend?.[0]?.series[0]?.labels ?? {}).at(-1);
  // While new answers come, the old ones stay, and tell themselves what they are divided by.
  const told = answers.isPlaceholderData && shown ? new URLSearchParams({ by: shown }) : null;
  const by = byOf(told ?? asked.params);
  const rows = answers.data ? rowsOf(by, answers.data, page.nameOf) : [];
  const drawn = (answers.data?.trend ?? []).flatMap(groupSeries).filter(({ isOther }) => !isOther);
  const markers = useMarkers(asked, agentsShown(asked.params, by, drawn));
  return { ...page, asked, markers, answers, refused, groups, affected, stuck, by, rows };
}
export type Failures = ReturnType<typeof useFailures>;
