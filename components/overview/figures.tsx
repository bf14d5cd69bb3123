"use client";
import Link from "next/link";
import { Sparkline } from "@/components/charts/sparkline";
import { useHref } from "@/components/shell/scope";
import { Tag } from "@/components/ui/tag";
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

const AGAINST: Record<Comparison, string> = {
  previous: "previous",
  day: "day before",
  week: "week before",
  none: "",
};

type CardProps = {
  label: string;
  value: string;
  note?: string;
  change: string | null;
  compare: Comparison;
  points: readonly (number | null)[];
  href: string;
  mark?: string;
};

/** One figure: value, change, course; all of it leads to the sessions behind it. */
function Card({ label, value, note, change, compare, points, href, mark }: CardProps) {
  return (
    <Link
      href={href}
      className="group flex min-w-0 flex-col gap-1 rounded-lg border bg-surface p-3 hover:border-line-strong"
    >
      <span className="flex items-center gap-2 text-ink-2">
        <span className="truncate">{label}</span>
        {mark ? <Tag tone="wait">{mark}</Tag> : null}
      </span>
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-2xl font-semibold tracking-tight">{value}</span>
        {note ? <span className="text-sm text-ink-3">{note}</span> : null}
      </span>
      <Sparkline values={points} label={`${label} over the range`} />
      <span className="h-4 truncate text-sm text-ink-3">
        {compare === "none" ? (
          ""
        ) : change === null ? (
          "nothing before to compare with"
        ) : (
          <>
            <span className="text-ink-2">{change}</span> vs {AGAINST[compare]}
          </>
        )}
      </span>
    </Link>
  );
}

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
      <Card
        label="Sessions started"
        value={formatCount(sessions.value)}
        change={formatChange(sessions.value, sessions.previous)}
        compare={compare}
        points={sessions.points}
        href={href("/sessions", { by: "started" })}
      />
      <Card
        label="Failure rate"
        value={formatPercent(rate.value)}
        note={`${formatCount(rate.failed)} of ${formatCount(rate.settled)} settled`}
        change={formatPoints(rate.value, rate.previous)}
        compare={compare}
        points={rate.points}
        href={href("/sessions", { failed: "true", by: "settled" })}
      />
      <Card
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
      <Card
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
