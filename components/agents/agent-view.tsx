"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { agentKey, agentQuestions } from "@/components/agents/agent-address";
import { AgentCharts } from "@/components/agents/agent-charts";
import { AgentFigures } from "@/components/agents/agent-figures";
import { Candidates } from "@/components/agents/candidates";
import { ComparePanel } from "@/components/agents/compare-panel";
import { useMarkers } from "@/components/agents/use-markers";
import { VersionsTable } from "@/components/agents/versions-table";
import { rangeKeyOf, rangeParams } from "@/components/fleet/address";
import { Freshness } from "@/components/metrics/freshness";
import { LIVE_MS, useAnswers } from "@/components/metrics/use-answers";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useScope, useUrlState } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { CopyButton } from "@/components/ui/copy-button";
import { Skeleton } from "@/components/ui/skeleton";
import { Tag } from "@/components/ui/tag";
import { agentDetail } from "@/lib/agents/queries";
import type { AgentDetail } from "@/lib/agents/schema";
import { formatCount, formatInstant, formatPlural, plain } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";
import { rangeWords } from "@/lib/time/range";

/** One agent: what it came to, version by version, and whether the newest is better. */
export function AgentView({ id }: { id: string }) {
  const { params } = useUrlState();
  const { scope, tz } = useScope();
  const now = new URLSearchParams(params);
  const refetchInterval = useLiveInterval(LIVE_MS);
  const asked = { params: now, scope, tz };
  const detail = useQuery({
    ...agentDetail(id, rangeKeyOf(now), () => rangeParams(now, Date.now())),
    refetchInterval,
  });
  const answers = useAnswers(asked, agentKey(id, asked), agentQuestions(id));
  const markers = useMarkers(asked, [id]);
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <QueryState query={detail} what="This agent" height="min-h-[80vh]" loading={<Loading />}>
        {(agent) => (
          <div className="flex flex-col gap-3">
            <Head agent={agent} answers={answers.data} />
            <AgentFigures agent={agent} answers={answers.data} />
            <ComparePanel agent={agent} />
            <QueryState query={answers} what="Charts" height="min-h-86">
              {(told) => <AgentCharts agent={id} answers={told} markers={markers} />}
            </QueryState>
            <Panel
              title="Versions"
              hint={
                agent.versions_total > agent.versions.length
                  ? `the newest ${formatCount(agent.versions.length)} of ${formatCount(agent.versions_total)}`
                  : formatPlural(agent.versions_total, "version")
              }
              flush
            >
              <VersionsTable agent={agent} />
            </Panel>
            <Candidates agent={agent} />
          </div>
        )}
      </QueryState>
    </div>
  );
}

function Head({ agent, answers }: { agent: AgentDetail; answers: Answers | undefined }) {
  const href = useHref();
  const { scope, tz } = useScope();
  const words = rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"));
  return (
    <header className="flex flex-col gap-0.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="flex min-w-0 items-center gap-2 text-lg font-semibold">
          <Link href={href("/agents")} className="font-normal text-ink-3 hover:text-ink">
            Agents
          </Link>
          <span aria-hidden className="font-normal text-ink-3">
            /
          </span>
          <span className="truncate">{plain(agent.name ?? agent.id)}</span>
          {agent.version ? <Tag>v{agent.version}</Tag> : null}
          {agent.archived_at === null ? null : <Tag>archived</Tag>}
        </h1>
        <span className="text-ink-3">{words}</span>
        <Freshness answers={answers} />
      </div>
      <p className="flex flex-wrap items-center gap-x-3 text-sm text-ink-2">
        {agent.description ? <span className="wrap-anywhere">{agent.description}</span> : null}
        <span className="wrap-anywhere">{agent.model}</span>
        <span className="inline-flex min-w-0 items-center gap-1">
          <code className="truncate font-mono">{agent.id}</code>
          <CopyButton text={agent.id} label="Copy the id" />
        </span>
        <span>
          last run <Ago at={agent.last_used_at} />
        </span>
      </p>
    </header>
  );
}

/** The same boxes as the loaded page's, so that nothing moves when it comes. */
function Loading() {
  return (
    <div className="flex flex-col gap-3">
      <Skeleton className="h-12 rounded-lg" />
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {["rate", "cost", "session", "turn"].map((figure) => (
          <Skeleton key={figure} className="h-33 rounded-lg" />
        ))}
      </div>
      <Skeleton className="h-96 rounded-lg" />
    </div>
  );
}
