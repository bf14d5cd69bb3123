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
import type { Overview } from "@/lib/overview/schema";
import type { Comparison } from "@/lib/time/range";

const MS_PER_HOUR = 3_600_000;

export function Figures({
  figures,
  compare,
}: {
  figures: Overview["figures"];
  compare: Comparison;
}) {
  const href = useHref();
  const { sessions, failure_rate: rate, cost_nanos: cost, session_hours: hours } = figures;
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
        href={href("/costs")}
        mark={
          cost.unpriced_tokens > 0
            ? `+ ${formatCompact(cost.unpriced_tokens)} tokens unpriced`
            : undefined
        }
      />
      <FigureCard
        label="Session-hours"
        value={formatHours(hours.value * MS_PER_HOUR)}
        change={formatChange(hours.value, hours.previous)}
        compare={compare}
        points={hours.points}
        href={href("/sessions", { sort: "duration" })}
      />
    </div>
  );
}
