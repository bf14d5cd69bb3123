"use client";
import { useQuery } from "@tanstack/react-query";
import { ChartCard } from "@/components/charts/chart-card";
import { signedNanos } from "@/components/costs/words";
import { differenceSeries } from "@/components/prices/difference-series";
import { QueryState } from "@/components/shell/panel";
import { FactsTable } from "@/components/ui/facts-table";
import { repricing } from "@/lib/costs/prices-queries";
import type { Difference, RepricingDetail, RepricingItem } from "@/lib/costs/repricing-schema";
import { formatCompact, formatNanos } from "@/lib/format";

const MOST_SHOWN = 20;
const WORKING_MS = 2_000;
/** While there is nothing yet, so that the page below does not move twice. */
const HEIGHT = "min-h-80";

/** What a re-pricing changes, day by day and agent by agent; so far, while it is at work. */
export function DifferenceView({ item }: { item: RepricingItem }) {
  const isWorking = item.state === "working";
  const query = useQuery({
    ...repricing(item),
    refetchInterval: isWorking ? WORKING_MS : false,
  });
  if (item.changed === 0) return isWorking ? <div className={HEIGHT} /> : null;
  return (
    <QueryState query={query} what="The difference" height={HEIGHT}>
      {(detail) => <Differences detail={detail} />}
    </QueryState>
  );
}

function Differences({ detail }: { detail: RepricingDetail }) {
  const agents = detail.agents.slice(0, MOST_SHOWN);
  return (
    <div className="flex flex-col gap-3">
      <ChartCard
        data={differenceSeries(detail.days)}
        kind="bars"
        label="Cost by UTC day, before and after re-pricing"
        tz="UTC"
        format={formatNanos}
      />
      <FactsTable
        label="What re-pricing changes by agent"
        rows={agents}
        keyOf={({ agent }) => agent ?? ""}
        columns={[
          { label: "Agent", cell: AgentName },
          { label: "Before", right: true, cell: (one) => formatNanos(one.before_nanos) },
          { label: "After", right: true, cell: (one) => formatNanos(one.after_nanos) },
          { label: "Difference", right: true, cell: (one) => signedNanos(differenceOf(one)) },
          { label: "Unpriced tokens", right: true, wide: true, cell: unpricedWords },
        ]}
        sums={[
          "All sessions looked at",
          formatNanos(detail.before_nanos),
          formatNanos(detail.after_nanos),
          signedNanos(differenceOf(detail)),
          unpricedWords(detail),
        ]}
      />
      {detail.agents.length > agents.length ? (
        <p className="text-sm text-ink-3">
          {agents.length} of {detail.agents.length} agents, the largest differences.
        </p>
      ) : null}
    </div>
  );
}

function AgentName({ agent, name }: RepricingDetail["agents"][number]) {
  return (
    <>
      {name ?? agent ?? "no agent"}
      {name ? <span className="text-sm break-all text-ink-3 max-md:hidden"> {agent}</span> : null}
    </>
  );
}

const differenceOf = (one: Difference) => one.after_nanos - one.before_nanos;

const unpricedWords = ({ unpriced_before, unpriced_after }: Difference) =>
  unpriced_before === unpriced_after
    ? formatCompact(unpriced_after)
    : `${formatCompact(unpriced_before)} → ${formatCompact(unpriced_after)}`;
