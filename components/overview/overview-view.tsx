"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { AgentsTable } from "@/components/overview/agents-table";
import { Attention } from "@/components/overview/attention";
import { Figures } from "@/components/overview/figures";
import { OverviewCharts } from "@/components/overview/overview-charts";
import { overviewKey, overviewParams } from "@/components/overview/prepare";
import { RunningNow } from "@/components/overview/running-now";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { useHints } from "@/components/shell/use-hints";
import { StartView } from "@/components/start/start-view";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCount, formatInstant } from "@/lib/format";
import { overview } from "@/lib/overview/queries";
import type { Overview } from "@/lib/overview/schema";
import { rangeWords } from "@/lib/time/range";

const LIVE_MS = 10_000;
/** A busy fleet changes all the time, and these are sums over all of it. */
const HINT_REST_MS = 5_000;

/** Is anything wrong, and what is to be done first? While there is nothing at all: how to begin. */
export function OverviewView() {
  const { scope, tz } = useScope();
  const refetchInterval = useLiveInterval(LIVE_MS);
  const query = useQuery({
    ...overview(overviewKey(scope, tz), () => overviewParams(scope, tz, Date.now())),
    refetchInterval,
  });
  const isEmpty = query.data?.any === false;
  // The door somebody has come in by leads on by itself, and must not be shut before it has.
  useHints(isEmpty ? null : "/api/v1/live", { restMs: HINT_REST_MS, clockMs: LIVE_MS });
  if (isEmpty) return <StartView first />;
  const words = rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"));
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <h1 className="text-lg font-semibold">
        Overview <span className="text-base font-normal text-ink-3">{words}</span>
      </h1>
      <QueryState query={query} what="The overview" height="min-h-[80vh]" loading={<Loading />}>
        {(data) => <Loaded data={data} />}
      </QueryState>
    </div>
  );
}

function Loaded({ data }: { data: Overview }) {
  const { scope } = useScope();
  const href = useHref();
  const runningHref = href("/sessions", { outcome: "running", range: "all", from: null, to: null });
  const waitingHref = href("/sessions", { outcome: "waiting", range: "all", from: null, to: null });
  return (
    <div className="flex flex-col gap-3">
      <Panel title="Needs attention" hint="now" flush>
        <Attention items={data.attention} />
      </Panel>
      <Figures figures={data.figures} compare={scope.compare} />
      <OverviewCharts overview={data} />
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
        <Panel
          title="Top agents"
          hint={
            data.agents_total > data.agents.length
              ? `${data.agents.length} of ${formatCount(data.agents_total)}, by sessions`
              : "by sessions"
          }
          flush
        >
          <AgentsTable agents={data.agents} />
        </Panel>
        <Panel
          title="Running now"
          hint={
            data.running_total > data.running.length
              ? `${data.running.length} of ${formatCount(data.running_total)}`
              : undefined
          }
          actions={
            <>
              <TextLink href={runningHref}>{formatCount(data.running_total)} running</TextLink>
              <TextLink href={waitingHref}>{formatCount(data.waiting_total)} waiting</TextLink>
            </>
          }
          flush
        >
          <RunningNow sessions={data.running} />
        </Panel>
      </div>
    </div>
  );
}

function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="px-1 text-sm text-ink-2 underline decoration-line-strong underline-offset-2 hover:text-ink"
    >
      {children}
    </Link>
  );
}

/** The same boxes as the loaded page's, so that nothing moves when it comes. */
function Loading() {
  return (
    <div className="flex flex-col gap-3">
      <Skeleton className="h-20 rounded-lg" />
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {["sessions", "rate", "cost", "hours"].map((figure) => (
          <Skeleton key={figure} className="h-33 rounded-lg" />
        ))}
      </div>
      <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
        {["outcomes", "cost", "hours", "concurrency"].map((chart) => (
          <Skeleton key={chart} className="h-74 rounded-lg" />
        ))}
      </div>
    </div>
  );
}
