"use client";
import { ChartCard } from "@/components/charts/chart-card";
import { costSeries, outcomeSeries } from "@/components/overview/prepare";
import { Panel } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { Empty } from "@/components/ui/empty";
import { formatCount, formatDuration, formatNanos } from "@/lib/format";
import type { Overview } from "@/lib/sessions/overview-schema";

const fixed = (fromMs: number, toMs: number) => ({
  range: null,
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

export function OverviewCharts({ overview }: { overview: Overview }) {
  const { setScope, tz } = useScope();
  const href = useHref();
  const outcomes = outcomeSeries(overview);
  const cost = costSeries(overview);
  const per = `per ${formatDuration(overview.step_ms)}`;
  const zoom = (fromMs: number, toMs: number) =>
    setScope({ range: { kind: "fixed", fromMs, toMs } });
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <Panel title="Sessions by outcome" hint={`settled ${per}`}>
        {outcomes.series.length === 0 ? (
          <Nothing>No session settled in this range.</Nothing>
        ) : (
          <ChartCard
            data={outcomes}
            kind="bars"
            label="Settled sessions by outcome over time"
            tz={tz}
            format={formatCount}
            whole
            onBrush={zoom}
            bucketHref={(from, to) => href("/sessions", { by: "settled", ...fixed(from, to) })}
            seriesHref={(outcome) => href("/sessions", { by: "settled", outcome })}
          />
        )}
      </Panel>
      <Panel title="Cost by meter" hint={`US dollars ${per}, by session start`}>
        {cost.series.length === 0 ? (
          <Nothing>Nothing was spent in this range, as far as prices are known.</Nothing>
        ) : (
          <ChartCard
            data={cost}
            kind="area"
            label="Cost by meter over time"
            tz={tz}
            format={formatNanos}
            onBrush={zoom}
            bucketHref={(from, to) =>
              href("/sessions", { by: "started", sort: "cost", ...fixed(from, to) })
            }
          />
        )}
      </Panel>
    </div>
  );
}

function Nothing({ children }: { children: string }) {
  return (
    <div className="flex h-60 items-center justify-center">
      <Empty title={children} />
    </div>
  );
}
