"use client";
import { ChartCard } from "@/components/charts/chart-card";
import { groupsDrawn } from "@/components/costs/answers";
import { byLabel } from "@/components/costs/questions";
import { trendOf } from "@/components/costs/trend";
import type { Costs } from "@/components/costs/use-costs";
import { filterChanges } from "@/components/metrics/asked";
import { Panel } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { Empty } from "@/components/ui/empty";
import { formatCompact, formatDuration, formatNanos } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";

const MOST_BARS = 100;
const fixed = (fromMs: number, toMs: number) => ({
  range: null,
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

type TrendProps = Pick<Costs, "by" | "rows" | "params" | "nameOf" | "markers"> & {
  answers: Answers;
};

/** What was spent when, by meter or by what the page divides by. */
export function CostTrend({ by, rows, params, nameOf, markers, answers }: TrendProps) {
  const { setScope, tz } = useScope();
  const href = useHref();
  const data = { ...trendOf(by, answers, nameOf), markers };
  const drawn = groupsDrawn(by, answers);
  const noun = by === "bucket" ? "Tokens" : "Cost";
  const title = `${noun} by ${byLabel(by).toLowerCase()}`;
  const per = `${noun === "Cost" ? "US dollars" : "tokens"} per ${formatDuration(data.stepMs)}`;
  const sessions = (more: Record<string, string | null>) =>
    href("/sessions", { ...filterChanges(params), sort: "cost", ...more });
  return (
    <Panel title={title} hint={drawn ? `${per}, ${drawn.drawn} of ${drawn.all} groups` : per}>
      {data.series.length === 0 ? (
        <div className="flex h-60 items-center justify-center">
          <Empty title="Nothing was spent in this range, as far as prices are known." />
        </div>
      ) : (
        <ChartCard
          data={data}
          kind={data.times.length > MOST_BARS ? "area" : "bars"}
          label={`${title} over time`}
          tz={tz}
          format={by === "bucket" ? formatCompact : formatNanos}
          onBrush={(fromMs, toMs) => setScope({ range: { kind: "fixed", fromMs, toMs } })}
          bucketHref={(from, to) => sessions(fixed(Math.max(from, data.fromMs), to))}
          seriesHref={(key) => {
            const filter = rows.find((row) => row.key === key)?.filter;
            return filter ? sessions(filter) : null;
          }}
        />
      )}
    </Panel>
  );
}
