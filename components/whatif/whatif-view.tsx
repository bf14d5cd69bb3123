"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { MetricFilters } from "@/components/metrics/metric-filters";
import { useAsked } from "@/components/metrics/use-asked";
import { ViewsMenu } from "@/components/sessions/views-menu";
import { useHref, useScope } from "@/components/shell/scope";
import { buttonClass } from "@/components/ui/button";
import { Tabs } from "@/components/ui/tabs";
import { EstimateTab } from "@/components/whatif/estimate-tab";
import { HistoryTab } from "@/components/whatif/history-tab";
import { priceBook } from "@/lib/costs/prices-queries";
import type { Prices } from "@/lib/costs/prices-schema";
import { formatInstant } from "@/lib/format";
import { rangeWords } from "@/lib/time/range";

const TABS = [
  { id: "history", label: "History under other terms" },
  { id: "estimate", label: "Estimate" },
] as const;
const PATH = "/costs/what-if";

/** Each model once, by the name that prices list first. */
const modelsOf = (prices: Prices | undefined): string[] => [
  ...new Set((prices?.prices ?? []).flatMap(({ models }) => models.slice(0, 1))),
];

/** What things would cost if they were other than they are. */
export function WhatIfView() {
  const { asked, params, facets, nameOf, set } = useAsked();
  const { scope, tz } = useScope();
  const href = useHref();
  const priced = modelsOf(useQuery(priceBook()).data);
  const tab = params.get("tab") === "estimate" ? "estimate" : "history";
  const words = rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"));
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-lg font-semibold">
          What if{" "}
          <span className="text-base font-normal text-ink-3">
            {tab === "history" ? words : "not built yet"}
          </span>
        </h1>
        <div className="ml-auto flex flex-wrap items-center gap-2">
          {tab === "history" ? (
            <MetricFilters params={params} facets={facets} nameOf={nameOf} set={set} />
          ) : null}
          <ViewsMenu
            room="whatif"
            query={params.toString()}
            onOpen={(query) =>
              window.history.pushState(null, "", query ? `${PATH}?${query}` : PATH)
            }
          />
          <Link href={href("/costs", {})} className={buttonClass()}>
            Costs
          </Link>
        </div>
      </header>
      <Tabs
        label="Kinds"
        items={TABS}
        value={tab}
        onChange={(id) => set({ tab: id === "history" ? null : id })}
      >
        {tab === "history" ? (
          <HistoryTab asked={asked} priced={priced} set={set} />
        ) : (
          <EstimateTab params={params} priced={priced} set={set} />
        )}
      </Tabs>
    </div>
  );
}
