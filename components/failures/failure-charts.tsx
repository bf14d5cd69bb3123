"use client";
import { ChartCard } from "@/components/charts/chart-card";
import { RateCard } from "@/components/charts/rate-card";
import { instabilityOf, outcomesOf, rateOf } from "@/components/failures/rates";
import { filterChanges } from "@/components/metrics/asked";
import { Panel } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { Empty } from "@/components/ui/empty";
import { formatCount, formatDuration } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";
import type { Marker } from "@/lib/series";

type ChartsProps = { answers: Answers; params: URLSearchParams; markers: readonly Marker[] };

const WORDS = { rate: "Failure rate", above: "Failed", below: "Completed or failed" };
const fixed = (fromMs: number, toMs: number) => ({
  range: null,
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

function useChartLinks(params: URLSearchParams) {
  const { setScope, tz } = useScope();
  const href = useHref();
  const zoom = (fromMs: number, toMs: number) =>
    setScope({ range: { kind: "fixed", fromMs, toMs } });
  const sessions = (more: Record<string, string | null>) =>
    href("/sessions", { ...filterChanges(params), ...more });
  return { tz, zoom, sessions };
}

/** The rate over time, its interval, and how many sessions it is of. */
export function FailureTrend({ answers, params, markers }: ChartsProps) {
  const { tz, zoom, sessions } = useChartLinks(params);
  const { data, whole } = rateOf(answers, "failure_rate");
  return (
    <Panel
      title="Failure rate"
      hint={`of the sessions that settled, per ${formatDuration(data.stepMs)}; interrupted and paused ones are left out`}
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
          onBrush={zoom}
          bucketHref={(from, to) =>
            sessions({
              ...{ by: "settled", failed: "true", sort: "settled_at" },
              ...fixed(Math.max(from, data.fromMs), to),
            })
          }
        />
      )}
    </Panel>
  );
}

export function OutcomesChart({ answers, params, markers }: ChartsProps) {
  const { tz, zoom, sessions } = useChartLinks(params);
  const data = { ...outcomesOf(answers), markers };
  return (
    <Panel title="Outcomes" hint={`sessions settled per ${formatDuration(data.stepMs)}`}>
      {data.series.length === 0 ? (
        <Nothing>No session settled in this range.</Nothing>
      ) : (
        <ChartCard
          data={data}
          kind="bars"
          label="Settled sessions by outcome over time"
          tz={tz}
          format={formatCount}
          whole
          onBrush={zoom}
          bucketHref={(from, to) =>
            sessions({ by: "settled", ...fixed(Math.max(from, data.fromMs), to) })
          }
          seriesHref={(outcome) => sessions({ by: "settled", outcome })}
        />
      )}
    </Panel>
  );
}

/** Apart from failure: what was tried again may well have succeeded. */
export function InstabilityChart({ answers, params, markers }: ChartsProps) {
  const { tz, zoom, sessions } = useChartLinks(params);
  const data = { ...instabilityOf(answers), markers };
  return (
    <Panel
      title="Instability"
      hint={`no failures: what the platform tried again, per ${formatDuration(data.stepMs)}`}
    >
      {data.series.length === 0 ? (
        <Nothing>Nothing had to be tried again in this range.</Nothing>
      ) : (
        <ChartCard
          data={data}
          kind="bars"
          label="Errors tried again and reschedules over time"
          tz={tz}
          format={formatCount}
          whole
          onBrush={zoom}
          bucketHref={(from, to) => sessions(fixed(Math.max(from, data.fromMs), to))}
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
