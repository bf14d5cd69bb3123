"use client";
import { FigureCard } from "@/components/charts/figure-card";
import { useHref } from "@/components/shell/scope";
import {
  formatChange,
  formatCompact,
  formatCount,
  formatHours,
  formatNanos,
  formatPercent,
  formatPoints,
} from "@/lib/format";
import type { Overview } from "@/lib/sessions/overview-schema";
import type { Comparison } from "@/lib/time/range";

export function Figures({
  figures,
  compare,
}: {
  figures: Overview["figures"];
  compare: Comparison;
}) {
  const href = useHref();
  const { sessions, failure_rate: rate, cost_nanos: cost, running_ms: running } = figures;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <FigureCard
        label="Sessions started"
        value={formatCount(sessions.value)}
        change={formatChange(sessions.value, sessions.previous)}
        compare={compare}
        points={sessions.points}
        href={href("/sessions", { by: "started" })}
      />
      <FigureCard
        label="Failure rate"
        value={formatPercent(rate.value)}
        note={`${formatCount(rate.failed)} of ${formatCount(rate.settled)} settled`}
        change={formatPoints(rate.value, rate.previous)}
        compare={compare}
        points={rate.points}
        href={href("/sessions", { failed: "true", by: "settled" })}
      />
      <FigureCard
        label="Cost"
        value={formatNanos(cost.value)}
        change={formatChange(cost.value, cost.previous)}
        compare={compare}
        points={cost.points}
        href={href("/sessions", { by: "started", sort: "cost" })}
        mark={
          cost.unpriced_tokens > 0
            ? `+ ${formatCompact(cost.unpriced_tokens)} tokens unpriced`
            : undefined
        }
      />
      <FigureCard
        label="Session-hours"
        value={formatHours(running.value)}
        change={formatChange(running.value, running.previous)}
        compare={compare}
        points={running.points}
        href={href("/sessions", { by: "started", sort: "duration" })}
      />
    </div>
  );
}
