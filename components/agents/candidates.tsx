"use client";
import Link from "next/link";
import { Panel } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { buttonClass } from "@/components/ui/button";
import { SHORT_MS } from "@/lib/agents/names";
import type { AgentDetail } from "@/lib/agents/schema";
import {
  formatCount,
  formatDuration,
  formatNanos,
  formatPercent,
  formatPlural,
} from "@/lib/format";

/** Sessions that would not have needed one: what their running time has cost, and where they are. */
export function Candidates({ agent }: { agent: AgentDetail }) {
  const href = useHref();
  const { sessions, settled, runtime_nanos } = agent.candidates;
  if (sessions === 0) return null;
  const filter = {
    agent: agent.id,
    by: "settled",
    max_duration_ms: `${SHORT_MS}`,
    sandbox: "false",
  };
  return (
    <Panel title="Candidates for the Messages API">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-96">
          {formatPlural(sessions, "session")} of {formatCount(settled)} (
          {formatPercent(sessions / settled)}) ended within {formatDuration(SHORT_MS)} and called no
          tool of the sandbox. As calls of the Messages API, or in the Agent SDK, they would have
          saved the {formatNanos(runtime_nanos)} that their running time has cost; tokens cost the
          same.
        </p>
        <Link href={href("/sessions", filter)} className={buttonClass("default")}>
          Show them
        </Link>
      </div>
    </Panel>
  );
}
