"use client";
import { useQuery } from "@tanstack/react-query";
import { totalOf } from "@/components/metrics/answers";
import { Panel } from "@/components/shell/panel";
import { FactsTable } from "@/components/ui/facts-table";
import { type Credit, creditsOf } from "@/lib/costs/included";
import { priceBook } from "@/lib/costs/prices-queries";
import type { Prices } from "@/lib/costs/prices-schema";
import { formatCount, formatHours, formatNanos } from "@/lib/format";
import { metricAnswers } from "@/lib/metrics/queries";

const MS_PER_HOUR = 3_600_000;
const METRICS = ["cost", "cost_runtime", "cost_web_search", "session_hours", "web_searches"];

/** What the contract lets this month's total off; nothing where nothing is included. */
export function IncludedPanel() {
  const prices = useQuery(priceBook()).data;
  return prices && prices.terms.included.length > 0 ? <ThisMonth prices={prices} /> : null;
}

function ThisMonth({ prices }: { prices: Prices }) {
  const answer = useQuery(metricAnswers("included", async () => questions(Date.now()))).data;
  const figures = answer?.month;
  if (!figures) return null;
  const cost = totalOf(figures, "cost");
  const month = new Date().toISOString().slice(0, 7);
  const credits = creditsOf(prices.terms.included, month, {
    costNanos: cost,
    runtimeNanos: totalOf(figures, "cost_runtime"),
    activeMs: Math.round(totalOf(figures, "session_hours") * MS_PER_HOUR),
    searchNanos: totalOf(figures, "cost_web_search"),
    searches: totalOf(figures, "web_searches"),
  });
  if (credits.length === 0) return null;
  const rest = credits.reduce((sum, { nanos }) => sum - nanos, cost);
  return (
    <Panel
      title="Included this month"
      hint={`${month} in UTC so far, the whole workspace; never spread over sessions`}
      flush
    >
      <FactsTable
        label="Included this month"
        rows={[{ of: null, nanos: cost } as const, ...credits]}
        keyOf={(row) => row.of ?? "computed"}
        columns={[
          { label: "What", cell: (row) => (row.of === null ? "Cost, computed" : WORDS[row.of]) },
          {
            label: "Used of it",
            right: true,
            cell: (row) => (row.of === null ? "" : usedWords(row)),
          },
          {
            label: "Cost",
            right: true,
            cell: ({ of, nanos }) => formatNanos(of === null ? nanos : -nanos),
          },
        ]}
        sums={["Left to pay", "", formatNanos(rest)]}
      />
    </Panel>
  );
}

const WORDS = {
  cost: "Included dollars",
  session_hours: "Included session-hours",
  web_searches: "Included web searches",
} as const;

function usedWords({ of, amount, used }: Credit): string {
  const words = (value: number) => {
    if (of === "cost") return formatNanos(value);
    return of === "session_hours" ? formatHours(value * MS_PER_HOUR) : formatCount(value);
  };
  return `${words(Math.min(used, amount))} of ${words(amount)}`;
}

function questions(nowMs: number) {
  const params = new URLSearchParams({ step: "all", tz: "UTC" });
  for (const metric of METRICS) params.append("metric", metric);
  params.set("from", `${new Date(nowMs).toISOString().slice(0, 7)}-01T00:00:00Z`);
  params.set("to", new Date(nowMs).toISOString());
  return { month: params };
}
