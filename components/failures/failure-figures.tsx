"use client";
import { FigureCard } from "@/components/charts/figure-card";
import { instabilityOf, outcomesOf, ratePoint } from "@/components/failures/rates";
import { ratioIn, resultOf, totalOf, valuesOf } from "@/components/metrics/answers";
import { filterChanges, isAllTime } from "@/components/metrics/asked";
import { useHref, useScope } from "@/components/shell/scope";
import { formatChange, formatCount, formatPercent, formatPlural, formatPoints } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";
import { totalOf as sumOf } from "@/lib/series";
import { FAILED_OUTCOMES } from "@/lib/sessions/outcomes";

/** "3 refused, 2 terminated": the kinds of failure, the most frequent first. */
function kindWords(answers: Answers): string {
  const kinds = outcomesOf(answers).series.filter(({ key }) =>
    FAILED_OUTCOMES.some((outcome) => outcome === key),
  );
  const counted = kinds.map(({ label, values }) => ({ label, count: sumOf({ values }) ?? 0 }));
  return counted
    .sort((a, b) => b.count - a.count)
    .slice(0, 2)
    .map(({ label, count }) => `${formatCount(count)} ${label.toLowerCase()}`)
    .join(", ");
}

/** The range's figures, each with its change and the sessions behind it. */
export function FailureFigures({ answers, params }: { answers: Answers; params: URLSearchParams }) {
  const { scope } = useScope();
  const href = useHref();
  const { figures, before } = answers;
  const compare = isAllTime(scope) ? "none" : scope.compare;
  const sessions = (more: Record<string, string>) =>
    href("/sessions", { ...filterChanges(params), ...more });
  const points = (metric: string) => valuesOf(resultOf(figures, metric)?.series[0]);
  const ratioBefore = (metric: string) => resultOf(before, metric)?.series[0]?.total ?? null;
  const failed = totalOf(figures, "sessions_failed");
  const rate = ratioIn(figures, "failure_rate");
  const tools = ratioIn(figures, "tool_error_rate");
  const { low, high } = ratePoint(rate.above, rate.below);
  const instability = instabilityOf(answers);
  const retried = totalOf(figures, "session_errors") - totalOf(figures, "final_errors");
  const retriedBefore = before
    ? totalOf(before, "session_errors") - totalOf(before, "final_errors")
    : null;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <FigureCard
        label="Failure rate"
        value={formatPercent(rate.value)}
        note={
          low === null
            ? "no session completed or failed"
            : `${formatCount(rate.above)} of ${formatCount(rate.below)}; 95 % interval ${formatPercent(low)} – ${formatPercent(high)}`
        }
        change={formatPoints(rate.value, ratioBefore("failure_rate"))}
        compare={compare}
        points={points("failure_rate")}
        href={sessions({ by: "settled", sort: "settled_at" })}
      />
      <FigureCard
        label="Sessions failed"
        value={formatCount(failed)}
        note={kindWords(answers)}
        change={before ? formatChange(failed, totalOf(before, "sessions_failed")) : null}
        compare={compare}
        points={points("sessions_failed")}
        href={sessions({ by: "settled", failed: "true", sort: "settled_at" })}
      />
      <FigureCard
        label="Tool error rate"
        value={formatPercent(tools.value)}
        note={`${formatCount(tools.above)} of ${formatPlural(tools.below, "call")}`}
        change={formatPoints(tools.value, ratioBefore("tool_error_rate"))}
        compare={compare}
        points={points("tool_error_rate")}
        href={sessions({ sort: "tool_errors" })}
      />
      <FigureCard
        label="Errors tried again"
        value={formatCount(retried)}
        note={`${formatCount(totalOf(figures, "reschedules"))} rescheduled`}
        change={retriedBefore === null ? null : formatChange(retried, retriedBefore)}
        compare={compare}
        points={instability.series.find(({ key }) => key === "retried")?.values ?? []}
        href={sessions({ sort: "last_event_at" })}
      />
    </div>
  );
}
