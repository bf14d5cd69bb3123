"use client";
import Link from "next/link";
import { BudgetsPanel } from "@/components/budgets/budgets-panel";
import { CoveragePanel } from "@/components/budgets/coverage-panel";
import { ForecastPanel } from "@/components/budgets/forecast-panel";
import { ChargebackButton } from "@/components/chargeback/chargeback-button";
import { hasNothing } from "@/components/costs/answers";
import { ChangePanel } from "@/components/costs/change-panel";
import { ContextPanel } from "@/components/costs/context-panel";
import { CostFigures } from "@/components/costs/cost-figures";
import { CostTable, tableSortOf } from "@/components/costs/cost-table";
import { CostTrend } from "@/components/costs/cost-trend";
import { CsvButton } from "@/components/costs/csv-button";
import { DearestSessions } from "@/components/costs/dearest-sessions";
import { IncludedPanel } from "@/components/costs/included-panel";
import { byLabel, DIMENSIONS } from "@/components/costs/questions";
import { TableNotes } from "@/components/costs/table-notes";
import { TokenBuckets } from "@/components/costs/token-buckets";
import { type Costs, useCosts } from "@/components/costs/use-costs";
import { foldedWords } from "@/components/metrics/answers";
import { filterChanges } from "@/components/metrics/asked";
import { Freshness } from "@/components/metrics/freshness";
import { MetricFilters } from "@/components/metrics/metric-filters";
import { NothingFound } from "@/components/metrics/nothing-found";
import { CachePanel } from "@/components/savings/cache-panel";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { buttonClass } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { formatInstant, formatPlural } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";
import { rangeWords } from "@/lib/time/range";

/** What was spent, on what, and by whom: one range, one filter, divided one way. */
export function CostsView() {
  const costs = useCosts();
  const href = useHref();
  const { scope, tz } = useScope();
  const words = rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"));
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-lg font-semibold">
          Costs <span className="text-base font-normal text-ink-3">{words}</span>
        </h1>
        <Freshness answers={costs.answers.data} />
        <Link href={href("/costs/what-if", filterChanges(costs.params))} className={buttonClass()}>
          What if…
        </Link>
        <div className="w-full lg:ml-auto lg:w-auto">
          <MetricFilters {...costs} division={{ by: costs.by, dimensions: DIMENSIONS }} />
        </div>
      </div>
      <QueryState query={costs.answers} what="Costs" height="min-h-[80vh]" loading={<Loading />}>
        {(answers) =>
          hasNothing(answers) ? (
            <NothingFound
              filters={costs.filters}
              set={costs.set}
              what={{
                filtered: "No cost matches these filters",
                unfiltered: "No cost in this range",
              }}
            >
              Cost arises when model requests end, while sessions run, and with web searches.
            </NothingFound>
          ) : (
            <Loaded costs={costs} answers={answers} />
          )
        }
      </QueryState>
    </div>
  );
}

function Loaded({ costs, answers }: { costs: Costs; answers: Answers }) {
  const href = useHref();
  const { by, rows, params, set } = costs;
  const label = byLabel(by).toLowerCase();
  return (
    <div className="flex flex-col gap-3">
      <CostFigures answers={answers} params={params} />
      <CostTrend {...costs} answers={answers} />
      <ChangePanel answers={answers} />
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-3">
          <ForecastPanel params={params} />
          <CoveragePanel asked={costs.asked} />
        </div>
        <BudgetsPanel facets={costs.facets} nameOf={costs.nameOf} />
      </div>
      <IncludedPanel />
      <Panel
        title={`Table by ${label}`}
        hint={`whole range, ${formatPlural(rows.length, "group")}`}
        actions={
          <>
            <ChargebackButton asked={costs.asked} facets={costs.facets} />
            <CsvButton by={by} rows={rows} />
          </>
        }
        flush
      >
        <CostTable
          by={by}
          rows={rows}
          sort={tableSortOf(params, by)}
          onSort={({ column, order }) =>
            set({ sort: column, order: order === "desc" ? null : order }, { replace: true })
          }
          hrefOf={({ filter }) =>
            filter && href("/sessions", { ...filterChanges(params), ...filter, sort: "cost" })
          }
        />
        <TableNotes by={by} rows={rows} params={params} folded={foldedWords(answers.rows)} />
      </Panel>
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-3">
          <Panel title="Tokens by bucket" hint="whole range, at the end of each request" flush>
            <TokenBuckets answers={answers} />
          </Panel>
          <CachePanel asked={costs.asked} />
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <ContextPanel answers={answers} params={params} />
          <Panel
            title="Most expensive sessions"
            hint="active in the range, each over its whole life"
            flush
          >
            <QueryState query={costs.dearest} what="Sessions" height="min-h-90">
              {({ data }) => <DearestSessions sessions={data} />}
            </QueryState>
          </Panel>
        </div>
      </div>
    </div>
  );
}

/** The same boxes as the loaded page's, so that nothing moves when it comes. */
function Loading() {
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {["cost", "completed", "hours", "cache"].map((figure) => (
          <Skeleton key={figure} className="h-33 rounded-lg" />
        ))}
      </div>
      <Skeleton className="h-74 rounded-lg" />
      <Skeleton className="h-60 rounded-lg" />
    </div>
  );
}
