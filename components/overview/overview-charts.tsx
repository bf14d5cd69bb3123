"use client";
import { useMarkers } from "@/components/agents/use-markers";
import { ChartCard } from "@/components/charts/chart-card";
import {
  concurrencySeries,
  costSeries,
  hoursSeries,
  outcomeSeries,
} from "@/components/overview/prepare";
import { Panel } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { Empty } from "@/components/ui/empty";
import { formatCount, formatDuration, formatHours, formatNanos } from "@/lib/format";
import type { Overview } from "@/lib/overview/schema";

const MS_PER_HOUR = 3_600_000;

const fixed = (fromMs: number, toMs: number) => ({
  range: null,
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

export function OverviewCharts({ overview }: { overview: Overview }) {
  const { scope, setScope, tz } = useScope();
  const markers = useMarkers({ params: new URLSearchParams(), scope, tz }, "all");
  const href = useHref();
  const outcomes = { ...outcomeSeries(overview), markers };
  const cost = { ...costSeries(overview), markers };
  const length = formatDuration(overview.step_ms);
  const per = `per ${length}`;
  const zoom = (fromMs: number, toMs: number) =>
    setScope({ range: { kind: "fixed", fromMs, toMs } });
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
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
      <Panel title="Cost by meter" hint={`US dollars ${per}`}>
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
            bucketHref={(from, to) => href("/sessions", { sort: "cost", ...fixed(from, to) })}
          />
        )}
      </Panel>
      <Panel title="Session-hours" hint={`running ${per}`}>
        <ChartCard
          data={hoursSeries(overview)}
          kind="bars"
          label="Session-hours over time"
          tz={tz}
          format={(hours) => formatHours(hours * MS_PER_HOUR)}
          onBrush={zoom}
          bucketHref={(from, to) => href("/sessions", { sort: "duration", ...fixed(from, to) })}
        />
      </Panel>
      <Panel title="Concurrency" hint={`sessions running at the end of each ${length}`}>
        <ChartCard
          data={concurrencySeries(overview)}
          kind="bars"
          label="Running sessions over time"
          tz={tz}
          format={formatCount}
          whole
          onBrush={zoom}
          bucketHref={(from, to) => href("/sessions", fixed(from, to))}
        />
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
