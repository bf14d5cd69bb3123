import { type By, byOf, groupsOf, MOST_DRAWN } from "@/components/costs/questions";
import { totalOf } from "@/components/metrics/answers";
import type { Answers } from "@/lib/metrics/queries";

/** Whether nothing was spent, counted or run. */
export const hasNothing = ({ figures }: Answers): boolean =>
  ["cost", "list_cost", "tokens", "session_hours", "sessions_started"].every(
    (metric) => totalOf(figures, metric) === 0,
  );

/** What answers are divided by, told from themselves: while new ones come, the old ones stay. */
export function byIn(answers: Answers): By {
  const labels = Object.keys(answers.trend?.[0]?.series[0]?.labels ?? {});
  return byOf(new URLSearchParams({ by: labels.at(-1) ?? "" }));
}

/** How many groups there are and how many of them are drawn, where not all are. */
export function groupsDrawn(by: By, answers: Answers): { drawn: number; all: number } | null {
  const truncated = answers.trend?.[0]?.truncated_groups ?? 0;
  if (groupsOf(by).length === 0 || truncated === 0) return null;
  return { drawn: MOST_DRAWN, all: MOST_DRAWN + truncated };
}
