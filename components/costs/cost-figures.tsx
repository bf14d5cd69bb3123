"use client";
import Link from "next/link";
import { FigureCard } from "@/components/charts/figure-card";
import { ratioIn, resultOf, totalOf, valuesOf } from "@/components/metrics/answers";
import { filterChanges, isAllTime } from "@/components/metrics/asked";
import { useHref, useScope } from "@/components/shell/scope";
import { buttonClass } from "@/components/ui/button";
import {
  formatChange,
  formatCompact,
  formatHours,
  formatNanos,
  formatPercent,
  formatPlural,
  formatPoints,
  plain,
} from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";

const MS_PER_HOUR = 3_600_000;

/** What the provider says beside what we compute; the difference is named, never added. */
function listWords(costNanos: number, listNanos: number): string {
  if (listNanos === 0) return "no list cost known";
  const more = costNanos - listNanos;
  return `list ${formatNanos(listNanos)}, ours ${more < 0 ? "" : "+"}${formatNanos(more)}`;
}

/** What the hours cost, and how much of them requests and calls were at work. */
function runtimeWords(figures: Answers[string] | undefined): string {
  const { value } = ratioIn(figures, "utilisation");
  const used = value === null ? "" : `, ${formatPercent(value)} utilised`;
  return `${formatNanos(totalOf(figures, "cost_runtime"))} of runtime${used}`;
}

/** The range's figures, each with its change and the sessions behind it. */
export function CostFigures({ answers, params }: { answers: Answers; params: URLSearchParams }) {
  const { scope } = useScope();
  const href = useHref();
  const { figures, before } = answers;
  const compare = isAllTime(scope) ? "none" : scope.compare;
  const cost = totalOf(figures, "cost");
  const hours = totalOf(figures, "session_hours");
  const perCompleted = ratioIn(figures, "cost_per_completed_session");
  const perCompletedBefore = totalOf(before, "cost_per_completed_session");
  const cache = ratioIn(figures, "cache_hit_ratio");
  const cacheBefore = resultOf(before, "cache_hit_ratio")?.series[0]?.total ?? null;
  const change = (now: number, metric: string) =>
    before ? formatChange(now, totalOf(before, metric)) : null;
  const points = (metric: string) => valuesOf(resultOf(figures, metric)?.series[0]);
  const sessions = (more: Record<string, string>) =>
    href("/sessions", { ...filterChanges(params), ...more });
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <FigureCard
        label="Cost, computed"
        value={formatNanos(cost)}
        note={listWords(cost, totalOf(figures, "list_cost"))}
        change={change(cost, "cost")}
        compare={compare}
        points={points("cost")}
        href={sessions({ sort: "cost" })}
      />
      <FigureCard
        label="Cost per completed session"
        value={perCompleted.value === null ? "–" : formatNanos(Math.round(perCompleted.value))}
        note={`${formatPlural(perCompleted.below, "session")} completed`}
        change={
          perCompleted.value === null ? null : formatChange(perCompleted.value, perCompletedBefore)
        }
        compare={compare}
        points={points("cost_per_completed_session")}
        href={sessions({ by: "settled", sort: "cost" })}
      />
      <FigureCard
        label="Session-hours"
        value={formatHours(hours * MS_PER_HOUR)}
        note={runtimeWords(figures)}
        change={change(hours, "session_hours")}
        compare={compare}
        points={points("session_hours")}
        href={sessions({ sort: "duration" })}
      />
      <FigureCard
        label="Cache hit ratio"
        value={formatPercent(cache.value)}
        note={`of ${formatCompact(cache.below)} prompt tokens`}
        change={formatPoints(cache.value, cacheBefore)}
        compare={compare}
        points={points("cache_hit_ratio")}
        href={sessions({ sort: "tokens" })}
      />
      <Unpriced answers={answers} sessions={sessions} />
    </div>
  );
}

type UnpricedProps = { answers: Answers; sessions: (more: Record<string, string>) => string };

/** Tokens that no cost contains: they are never taken for free. */
function Unpriced({ answers, sessions }: UnpricedProps) {
  const href = useHref();
  const tokens = totalOf(answers.figures, "unpriced_tokens");
  if (tokens === 0) return null;
  const result = resultOf(answers.unpriced, "unpriced_tokens");
  const models = (result?.series ?? []).filter(({ total }) => (total ?? 0) > 0);
  const named = models.map(({ labels }) => labels.model ?? "");
  const words = models.map(
    ({ labels, total }) =>
      `${plain(labels.model || "model not told")} ${formatCompact(total ?? 0)}`,
  );
  const [only] = named;
  const first = named.find(Boolean);
  return (
    <section
      aria-label="Unpriced tokens"
      className="col-span-full flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border bg-wait-soft p-3"
    >
      <div className="flex flex-col">
        <h2 className="text-ink-2">Unpriced tokens</h2>
        <p className="text-2xl font-semibold tracking-tight text-wait">{formatCompact(tokens)}</p>
      </div>
      <p className="min-w-56 flex-1 wrap-anywhere">
        No cost on this page contains them: {words.join(", ")}. Enter the price of a model that the
        price book does not know; where the name is missing or misspelt, send it with the session.
      </p>
      {first ? (
        <Link
          href={href("/settings/prices", { add: first })}
          className={buttonClass("primary", "sm")}
        >
          Add price<span className="sr-only"> of {first}</span>
        </Link>
      ) : null}
      <Link
        href={sessions({ ...(named.length === 1 && only ? { model: only } : {}), sort: "tokens" })}
        className={buttonClass("default", "sm")}
      >
        Sessions
      </Link>
    </section>
  );
}
