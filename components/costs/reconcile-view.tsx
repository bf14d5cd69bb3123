"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { BilledPanel } from "@/components/costs/billed-panel";
import { ReconcileFigures } from "@/components/costs/figures";
import { AgentsPanel, CausesTable } from "@/components/costs/group-tables";
import { groupParams, reconcileKey } from "@/components/costs/prepare";
import { TokensPanel } from "@/components/costs/tokens-panel";
import { NO_LIST_COST_WORDS } from "@/components/costs/words";
import { WorstSessions } from "@/components/costs/worst-sessions";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { Button, buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { reconcile } from "@/lib/costs/queries";
import type { Reconcile } from "@/lib/costs/reconcile-schema";
import { formatCount, formatInstant, formatPlural } from "@/lib/format";
import { rangeWords } from "@/lib/time/range";

const LIVE_MS = 30_000;

/** Can the figures be trusted: ours beside the platform's, why they differ, and in which sessions. */
export function ReconcileView() {
  const { scope, tz } = useScope();
  const refetchInterval = useLiveInterval(LIVE_MS);
  const query = useQuery({
    ...reconcile(reconcileKey(scope, "cause"), () => groupParams(scope, "cause", Date.now())),
    refetchInterval,
  });
  const words = rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"));
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <h1 className="text-lg font-semibold">
        Reconcile <span className="text-base font-normal text-ink-3">settled {words}</span>
      </h1>
      <QueryState query={query} what="The figures" height="min-h-[80vh]" loading={<Loading />}>
        {(data) => <Loaded data={data} />}
      </QueryState>
    </div>
  );
}

function Loaded({ data }: { data: Reconcile }) {
  const { totals, tokens, relists, without_list_cost } = data;
  if (totals.sessions === 0 && tokens.compared === 0)
    return (
      <Panel>
        <NothingToCompare without={without_list_cost} />
      </Panel>
    );
  return (
    <div className="flex flex-col gap-3">
      {totals.demo > 0 && totals.demo === totals.sessions ? (
        <Notice tone="stop">
          All of these sessions are simulated, their list cost too: this says nothing of the
          platform.
        </Notice>
      ) : null}
      {totals.sessions === 0 ? (
        <Panel>
          <NothingToCompare without={without_list_cost} />
        </Panel>
      ) : (
        <>
          <ReconcileFigures totals={totals} />
          <WithoutListCost without={without_list_cost} />
          <Panel
            title="By cause"
            hint="each session under its first cause, largest drift first"
            flush
          >
            <CausesTable groups={data.data} totals={totals} />
          </Panel>
          <AgentsPanel />
        </>
      )}
      <TokensPanel tokens={tokens} relists={relists} />
      <BilledPanel />
      <WorstSessions />
    </div>
  );
}

type Without = { without: Reconcile["without_list_cost"] };

const reasonWords = ({ reasons }: Without["without"]) =>
  reasons
    .map(({ reason, sessions }) => `${formatCount(sessions)} ${NO_LIST_COST_WORDS[reason]}`)
    .join("; ");

function WithoutListCost({ without }: Without) {
  if (without.sessions === 0) return null;
  return (
    <p className="text-ink-2">
      {formatPlural(without.sessions, "settled session has", "settled sessions have")} no list cost
      and {without.sessions === 1 ? "is" : "are"} in none of these figures: {reasonWords(without)}.
    </p>
  );
}

/** Why there is nothing to compare, and what would give something. */
function NothingToCompare({ without }: Without) {
  const { scope, setScope } = useScope();
  const href = useHref();
  const isAll = scope.range.kind === "preset" && scope.range.preset === "all";
  const showAll = isAll ? null : (
    <Button onClick={() => setScope({ range: { kind: "preset", preset: "all" } })}>
      Show all time
    </Button>
  );
  const connect = (
    <Link href={href("/import")} className={buttonClass("primary")}>
      Connect a workspace
    </Link>
  );
  if (without.sessions > 0)
    return (
      <Empty
        title={`None of the ${formatPlural(without.sessions, "settled session")} has a list cost`}
        action={
          <>
            {connect}
            {showAll}
          </>
        }
      >
        {reasonWords(without)}. The platform gives a list cost with each session's usage: connect
        its workspace, or send the session objects along with the events.
      </Empty>
    );
  return (
    <Empty
      title={isAll ? "No session has settled yet" : "No session settled in this range"}
      action={isAll ? connect : showAll}
    >
      Here the computed cost of settled sessions stands beside the platform's list cost.
    </Empty>
  );
}

/** The same boxes as the loaded page's, so that nothing moves when it comes. */
function Loading() {
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {["computed", "list", "drift", "within"].map((figure) => (
          <Skeleton key={figure} className="h-24 rounded-lg" />
        ))}
      </div>
      <Skeleton className="h-74 rounded-lg" />
      <Skeleton className="h-40 rounded-lg" />
    </div>
  );
}
