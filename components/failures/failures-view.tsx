"use client";
import { BoardPanel } from "@/components/failures/board-panel";
import { boardOf, SERVERS, TOOLS } from "@/components/failures/boards";
import {
  FailureTrend,
  InstabilityChart,
  OutcomesChart,
} from "@/components/failures/failure-charts";
import { FailureFigures } from "@/components/failures/failure-figures";
import { FailureTable, tableSortOf } from "@/components/failures/failure-table";
import { GroupsPanel } from "@/components/failures/groups-panel";
import { byLabel, DIMENSIONS } from "@/components/failures/questions";
import { RefusedPanel } from "@/components/failures/refused-panel";
import { StuckPanel } from "@/components/failures/stuck-panel";
import { TableNotes } from "@/components/failures/table-notes";
import { type Failures, useFailures } from "@/components/failures/use-failures";
import { WaitingPanel } from "@/components/failures/waiting-panel";
import { foldedWords, totalOf } from "@/components/metrics/answers";
import { filterChanges } from "@/components/metrics/asked";
import { Freshness } from "@/components/metrics/freshness";
import { MetricFilters } from "@/components/metrics/metric-filters";
import { NothingFound } from "@/components/metrics/nothing-found";
import { OpenContent } from "@/components/shell/open-content";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { Skeleton } from "@/components/ui/skeleton";
import { formatInstant, formatPlural } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";
import { rangeWords } from "@/lib/time/range";

/** What fails, how often, and whether it is more than before: one range, one filter, divided one way. */
export function FailuresView() {
  const failures = useFailures();
  const { scope, tz } = useScope();
  const words = rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"));
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-lg font-semibold">
          Failures <span className="text-base font-normal text-ink-3">{words}</span>
        </h1>
        <Freshness answers={failures.answers.data} />
        <OpenContent size="sm" />
        <div className="w-full lg:ml-auto lg:w-auto">
          <MetricFilters {...failures} division={{ by: failures.by, dimensions: DIMENSIONS }} />
        </div>
      </div>
      <QueryState
        query={failures.answers}
        what="Failures"
        height="min-h-[80vh]"
        loading={<Loading />}
      >
        {(answers) =>
          hasNothing(answers) ? (
            <NothingFound
              filters={failures.filters}
              set={failures.set}
              what={{
                filtered: "Nothing settled that matches these filters",
                unfiltered: "Nothing settled in this range",
              }}
            >
              A session counts here when its outcome settles: completed, failed, interrupted or
              paused.
            </NothingFound>
          ) : (
            <Loaded failures={failures} answers={answers} />
          )
        }
      </QueryState>
    </div>
  );
}

/** Whether nothing settled, failed or had to be tried again. */
const hasNothing = ({ figures }: Answers) =>
  ["sessions_settled", "session_errors", "reschedules"].every(
    (metric) => totalOf(figures, metric) === 0,
  ) && (figures ?? []).every(({ kind, series }) => kind !== "ratio" || series[0]?.total === null);

function Loaded({ failures, answers }: { failures: Failures; answers: Answers }) {
  const href = useHref();
  const { by, rows, params, set } = failures;
  return (
    <div className="flex flex-col gap-3">
      <FailureFigures answers={answers} params={params} />
      <FailureTrend answers={answers} params={params} markers={failures.markers} />
      <GroupsPanel {...failures} />
      <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
        <OutcomesChart answers={answers} params={params} markers={failures.markers} />
        <InstabilityChart answers={answers} params={params} markers={failures.markers} />
      </div>
      <Panel
        title={`Table by ${byLabel(by).toLowerCase()}`}
        hint={`whole range, ${formatPlural(rows.length, "group")}`}
        flush
      >
        <FailureTable
          by={by}
          rows={rows}
          sort={tableSortOf(params, by)}
          onSort={({ column, order }) =>
            set({ sort: column, order: order === "desc" ? null : order }, { replace: true })
          }
          hrefOf={({ filter }) =>
            filter &&
            href("/sessions", {
              ...filterChanges(params),
              ...filter,
              by: "settled",
              ...(by === "outcome" ? {} : { failed: "true" }),
            })
          }
        />
        <TableNotes by={by} rows={rows} folded={foldedWords(answers.rows)} />
      </Panel>
      <Boards failures={failures} answers={answers} />
    </div>
  );
}

/** What calls of tools came to, what waits and what was refused. */
function Boards({ failures, answers }: { failures: Failures; answers: Answers }) {
  const href = useHref();
  const { params, affected } = failures;
  return (
    <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-3">
        <BoardPanel
          title="Tools"
          noun="Tool"
          rows={boardOf(answers, TOOLS, affected.data?.tools.data)}
          hrefOf={({ name }) =>
            href("/sessions", { ...filterChanges(params), tool: name, sort: "tool_errors" })
          }
          empty="No tool was called in this range."
        />
        <RefusedPanel {...failures} answers={answers} />
      </div>
      <div className="flex min-w-0 flex-col gap-3">
        <BoardPanel
          title="MCP servers"
          noun="Server"
          rows={boardOf(answers, SERVERS, affected.data?.mcp_servers.data)}
          hrefOf={() => null}
          empty="No MCP server was called in this range."
        />
        <WaitingPanel answers={answers} />
        <StuckPanel {...failures} />
      </div>
    </div>
  );
}

/** The same boxes as the loaded page's, so that nothing moves when it comes. */
function Loading() {
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {["rate", "failed", "tools", "retried"].map((figure) => (
          <Skeleton key={figure} className="h-33 rounded-lg" />
        ))}
      </div>
      <Skeleton className="h-86 rounded-lg" />
      <Skeleton className="h-74 rounded-lg" />
    </div>
  );
}
