"use client";
import Link from "next/link";
import { agentPath } from "@/components/agents/path";
import { useHref } from "@/components/shell/scope";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { formatCount, formatDuration, formatNanos, formatPercent, plain } from "@/lib/format";
import type { Overview } from "@/lib/overview/schema";

type Agent = Overview["agents"][number];

const CELL = "h-9 border-b px-3 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;
const NARROW = "max-sm:hidden";

/** The agents with most sessions; each leads to its page. */
export function AgentsTable({ agents }: { agents: readonly Agent[] }) {
  if (agents.length === 0) return <Empty title="No agent had a session in this range." />;
  return (
    <table className="w-full">
      <thead>
        <tr className="text-sm text-ink-3">
          <th scope="col" className={cx(CELL, "text-left font-normal")}>
            Agent
          </th>
          <th scope="col" className={cx(FIGURE, "font-normal")}>
            Sessions
          </th>
          <th scope="col" className={cx(FIGURE, "font-normal")}>
            Failure rate
          </th>
          <th scope="col" className={cx(FIGURE, NARROW, "font-normal")}>
            Cost / session
          </th>
          <th scope="col" className={cx(FIGURE, NARROW, "font-normal")}>
            Turn p95
          </th>
        </tr>
      </thead>
      <tbody>
        {agents.map((item) => (
          <AgentRow key={item.agent.id} item={item} />
        ))}
      </tbody>
    </table>
  );
}

function AgentRow({ item }: { item: Agent }) {
  const href = useHref();
  const { agent, sessions, failed, settled } = item;
  const rate = settled === 0 ? null : failed / settled;
  return (
    <tr className="relative hover:bg-hover">
      <th scope="row" className={cx(CELL, "max-w-0 min-w-24 truncate text-left font-normal")}>
        {agent.id ? (
          <Link href={href(agentPath(agent.id))} className="after:absolute after:inset-0">
            {plain(agent.name ?? agent.id)}
          </Link>
        ) : (
          "Agent unknown"
        )}
      </th>
      <td className={FIGURE}>{formatCount(sessions)}</td>
      <td className={cx(FIGURE, failed > 0 && "text-fail")}>
        {formatPercent(rate)}{" "}
        <span className="text-sm text-ink-3">
          {formatCount(failed)}/{formatCount(settled)}
        </span>
      </td>
      <td className={cx(FIGURE, NARROW)}>
        {sessions === 0 ? "–" : formatNanos(Math.round(item.cost_nanos / sessions))}
      </td>
      <td className={cx(FIGURE, NARROW)}>{formatDuration(item.p95_turn_ms)}</td>
    </tr>
  );
}
