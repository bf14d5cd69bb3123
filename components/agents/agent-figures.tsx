"use client";
import { perCompleted, perSession } from "@/components/agents/columns";
import { FigureCard } from "@/components/charts/figure-card";
import { ratePoint } from "@/components/failures/rates";
import { resultOf, valuesOf } from "@/components/metrics/answers";
import { useHref } from "@/components/shell/scope";
import type { AgentDetail } from "@/lib/agents/schema";
import {
  formatCount,
  formatDuration,
  formatNanos,
  formatPercent,
  formatPlural,
} from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";

type FiguresProps = { agent: AgentDetail; answers: Answers | undefined };

/** What all its sessions came to, whichever version and overrides they ran. */
export function AgentFigures({ agent, answers }: FiguresProps) {
  const href = useHref();
  const sessions = (more: Record<string, string>) =>
    href("/sessions", { agent: agent.id, ...more });
  const points = (metric: string) => valuesOf(resultOf(answers?.figures, metric)?.series[0]);
  const rate = ratePoint(agent.failed, agent.decided);
  const none = { change: null, compare: "none" as const };
  const cost = points("cost");
  const started = points("sessions_started");
  const overridden = agent.versions.reduce((sum, version) => sum + version.overridden, 0);
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <FigureCard
        {...none}
        label="Sessions started"
        value={formatCount(agent.sessions)}
        note={overridden === 0 ? "" : `${formatCount(overridden)} of them with overrides`}
        points={started}
        href={sessions({ by: "started" })}
      />
      <FigureCard
        {...none}
        label="Failure rate"
        value={formatPercent(rate.rate)}
        note={
          rate.low === null
            ? "no session completed or failed"
            : `${formatCount(rate.above)} of ${formatCount(rate.below)}; 95 % interval ${formatPercent(rate.low)} – ${formatPercent(rate.high)}`
        }
        points={points("failure_rate")}
        href={sessions({ by: "settled", failed: "true", sort: "settled_at" })}
      />
      <FigureCard
        {...none}
        label="Cost per session"
        value={perSession(agent)}
        note={`${perCompleted(agent)} per completed; ${formatNanos(agent.cost_nanos)} in all`}
        points={cost.map((nanos, at) =>
          started[at] && nanos !== null ? nanos / started[at] : null,
        )}
        href={href("/costs", { agent: agent.id, by: "agent_version" })}
      />
      <FigureCard
        {...none}
        label="Turn p95"
        value={formatDuration(agent.turn_p95_ms)}
        note={`19 of 20 turns were shorter, over ${formatPlural(agent.versions_total, "version")}`}
        points={valuesOf(answers?.turn?.[0]?.series[0])}
        href={sessions({ sort: "duration" })}
      />
    </div>
  );
}
