"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { cacheHitRatio } from "@/components/sessions/figures";
import { useLiveInterval } from "@/components/shell/live";
import { QueryState } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { CostCurve } from "@/components/trace/cost-curve";
import { usageWords } from "@/components/trace/row-steps";
import { useTrace } from "@/components/trace/trace-context";
import { useGoTo } from "@/components/trace/use-go-to";
import { LIVE_MS } from "@/components/trace/use-session-data";
import { WholeNote } from "@/components/trace/whole-note";
import { Button } from "@/components/ui/button";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import {
  formatCents,
  formatCount,
  formatDuration,
  formatHours,
  formatNanos,
  formatNanosExact,
  formatPercent,
} from "@/lib/format";
import type { TurnItem } from "@/lib/sessions/detail-schema";
import { sessionTurns } from "@/lib/sessions/queries";
import { driftWords } from "@/lib/sessions/reason";
import type { SessionItem } from "@/lib/sessions/schema";

/** Where the money went: the three meters, the course over time, and turn by turn. */
export function CostPanel() {
  const { data } = useTrace();
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto p-3 lg:p-4">
      <WholeNote />
      <div className="grid grid-cols-1 gap-x-8 gap-y-6 lg:grid-cols-2">
        <Meters item={data.item} />
        <CostCurve />
      </div>
      <Turns />
    </div>
  );
}

type Meter = { name: string; amount: string; nanos: number };

function Meters({ item }: { item: SessionItem }) {
  const { cost, usage } = item;
  const tokens =
    usage.input_tokens +
    usage.cache_read_tokens +
    usage.cache_write_5m_tokens +
    usage.cache_write_1h_tokens +
    usage.output_tokens;
  const meters: Meter[] = [
    { name: "Tokens", amount: formatCount(tokens), nanos: cost.tokens_nanos },
    { name: "Runtime", amount: formatHours(item.active_ms ?? 0), nanos: cost.runtime_nanos },
    { name: "Web searches", amount: formatCount(usage.web_searches), nanos: cost.web_search_nanos },
  ];
  const share = (nanos: number) =>
    cost.computed_nanos > 0 ? formatPercent(nanos / cost.computed_nanos) : "–";
  return (
    <section aria-label="Meters" className="min-w-0">
      <h2 className="mb-1 font-semibold">By meter</h2>
      <FactsTable
        label="Cost by meter"
        rows={meters}
        keyOf={(meter) => meter.name}
        columns={[
          { label: "Meter", cell: (meter) => meter.name },
          { label: "Amount", right: true, cell: (meter) => meter.amount },
          { label: "Share", right: true, cell: (meter) => share(meter.nanos) },
          { label: "Cost", right: true, cell: (meter) => formatNanosExact(meter.nanos) },
        ]}
        sums={["Computed", "", "", formatNanosExact(cost.computed_nanos)]}
      />
      <p className="mt-2 text-ink-2">
        {cost.list_cost_cents === null
          ? "The provider gave no list cost for this session."
          : `The provider's list cost is ${formatCents(cost.list_cost_cents)}.`}{" "}
        {cost.drift_nanos === null || cost.drift_nanos === 0
          ? null
          : `Drift ${cost.drift_nanos > 0 ? "+" : ""}${formatNanosExact(cost.drift_nanos)}: ${driftWords(cost.drift_causes)}. `}
        {cost.unpriced_tokens > 0
          ? `${formatCount(cost.unpriced_tokens)} tokens have no price and are not in these figures. `
          : null}
        Cache hit {formatPercent(cacheHitRatio(item))}. Price book {cost.price_book || "–"}.
      </p>
    </section>
  );
}

function Turns() {
  const { session, data, set } = useTrace();
  const goTo = useGoTo();
  const interval = useLiveInterval(LIVE_MS * 2);
  const query = useInfiniteQuery({
    ...sessionTurns(session, { limit: 200 }),
    refetchInterval: data.live ? interval : false,
  });
  const turns = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.data), [query.data]);
  const most = turns.reduce((dearest, turn) => Math.max(dearest, turn.cost_nanos), 1);
  const columns: readonly FactsColumn<TurnItem>[] = [
    {
      label: "Turn",
      cell: (turn) => (
        <button
          type="button"
          className="text-left font-medium after:absolute after:inset-0"
          onClick={() => {
            set({ tab: "transcript" });
            if (turn.started_at) void goTo(turn.started_at);
          }}
        >
          {turn.number ?? "–"}
        </button>
      ),
    },
    { label: "Started", wide: true, cell: (turn) => <Time at={turn.started_at} style="second" /> },
    { label: "Ended", wide: true, cell: (turn) => turn.outcome },
    { label: "Duration", right: true, cell: (turn) => formatDuration(turn.duration_ms) },
    {
      label: "Requests",
      right: true,
      wide: true,
      cell: (turn) => formatCount(turn.model_requests),
    },
    { label: "Tools", right: true, wide: true, cell: (turn) => formatCount(turn.tool_calls) },
    { label: "Tokens", wide: true, cell: (turn) => usageWords(turn.usage) || "–" },
    { label: "Cost", right: true, cell: (turn) => formatNanos(turn.cost_nanos) },
    {
      label: "Against the dearest",
      wide: true,
      cell: (turn) => (
        <span
          aria-hidden
          className="block h-3 rounded-sm bg-series-1"
          style={{ width: `${Math.max(1, (turn.cost_nanos / most) * 100)}%` }}
        />
      ),
    },
  ];
  return (
    <section aria-label="Turns" className="min-w-0">
      <h2 className="mb-1 font-semibold">By turn</h2>
      <QueryState
        query={query}
        what="The turns"
        height="h-40"
        empty={{ when: () => turns.length === 0, title: "No turn has run yet" }}
      >
        {() => (
          <FactsTable label="Turns" columns={columns} rows={turns} keyOf={(turn) => turn.id} />
        )}
      </QueryState>
      {query.hasNextPage ? (
        <Button
          className="mt-2"
          disabled={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          Show more turns
        </Button>
      ) : null}
      <p className="mt-2 text-sm text-ink-3">
        A turn's cost is that of its tokens; runtime and searches are the session's.
      </p>
    </section>
  );
}
