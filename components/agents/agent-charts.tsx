"use client";
import { MOST_DRAWN, versionFilter } from "@/components/agents/agent-address";
import { versionSeries } from "@/components/agents/series";
import { ChartCard } from "@/components/charts/chart-card";
import { RateCard } from "@/components/charts/rate-card";
import { rateOf } from "@/components/failures/rates";
import { Panel } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { Empty } from "@/components/ui/empty";
import { formatDuration, formatNanos } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";
import type { Marker, TimeSeries } from "@/lib/series";

type ChartsProps = { agent: string; answers: Answers; markers: readonly Marker[] };

const WORDS = { rate: "Failure rate", above: "Failed", below: "Completed or failed" };
const fixed = (fromMs: number, toMs: number) => ({
  range: null,
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

const MINUTES = 60_000;
/** Beside an axis there is room for one number. */
const durationTick = (ms: number) => (ms < 10 * MINUTES ? `${ms / 1000} s` : formatDuration(ms));

/** How the agent did over time, with a line where each version was first used. */
export function AgentCharts({ agent, answers, markers }: ChartsProps) {
  const { setScope, tz } = useScope();
  const href = useHref();
  const { data, whole } = rateOf(answers, "failure_rate");
  const onBrush = (fromMs: number, toMs: number) =>
    setScope({ range: { kind: "fixed", fromMs, toMs } });
  return (
    <div className="flex flex-col gap-3">
      <Panel
        title="Failure rate"
        hint={`of the sessions that settled, per ${formatDuration(data.stepMs)}; all versions, overrides included`}
      >
        {whole.below === 0 ? (
          <Nothing>No session completed or failed in this range.</Nothing>
        ) : (
          <RateCard
            data={{ ...data, markers }}
            whole={whole}
            words={WORDS}
            label="Failure rate over time"
            tz={tz}
            onBrush={onBrush}
            bucketHref={(from, to) =>
              href("/sessions", {
                ...{ agent, by: "settled", failed: "true", sort: "settled_at" },
                ...fixed(Math.max(from, data.fromMs), to),
              })
            }
          />
        )}
      </Panel>
      <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
        <VersionChart
          title="Cost per completed session"
          data={versionSeries(answers, {
            ...{ name: "costs", metric: "cost_per_completed_session", markers },
          })}
          format={formatNanos}
          {...{ agent, onBrush, tz }}
        />
        <VersionChart
          title="Turn p95"
          data={versionSeries(answers, { name: "turns", metric: "turn_duration", markers })}
          format={formatDuration}
          tick={durationTick}
          {...{ agent, onBrush, tz }}
        />
      </div>
    </div>
  );
}

type VersionChartProps = {
  agent: string;
  title: string;
  data: TimeSeries;
  tz: string;
  format: (value: number) => string;
  tick?: (value: number) => string;
  onBrush: (fromMs: number, toMs: number) => void;
};

function VersionChart({ agent, title, data, tz, format, tick, onBrush }: VersionChartProps) {
  const href = useHref();
  const most = data.series.length === MOST_DRAWN ? `, the ${MOST_DRAWN} busiest` : "";
  return (
    <Panel
      title={title}
      hint={`by version, overrides included, per ${formatDuration(data.stepMs)}${most}`}
    >
      {data.series.length === 0 ? (
        <Nothing>Nothing to divide by in this range.</Nothing>
      ) : (
        <ChartCard
          data={data}
          kind="lines"
          label={`${title} by version over time`}
          tz={tz}
          format={format}
          tick={tick}
          onBrush={onBrush}
          bucketHref={(from, to) =>
            href("/sessions", { agent, ...fixed(Math.max(from, data.fromMs), to) })
          }
          seriesHref={(version) => href("/sessions", versionFilter(agent, version))}
        />
      )}
    </Panel>
  );
}

function Nothing({ children }: { children: string }) {
  return (
    <div className="flex h-60 items-center justify-center">
      <Empty title={children} />
    </div>
  );
}
