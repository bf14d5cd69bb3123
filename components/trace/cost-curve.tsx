"use client";
import { useMemo } from "react";
import { Time } from "@/components/shell/time";
import { useTrace } from "@/components/trace/trace-context";
import { formatNanos } from "@/lib/format";
import type { Strip } from "@/lib/sessions/strip";

const WIDTH = 600;
const HEIGHT = 140;

/** Token cost added up over the session. */
export function CostCurve() {
  const { data } = useTrace();
  const { strip } = data;
  const points = useMemo(() => (strip ? pointsOf(strip) : []), [strip]);
  const total = points.at(-1)?.nanos ?? 0;
  if (!strip || total === 0) return null;
  const length = strip.toUs - strip.fromUs;
  const x = (us: number) => (((us - strip.fromUs) / length) * WIDTH).toFixed(1);
  const y = (nanos: number) => (HEIGHT - 1 - (nanos / total) * (HEIGHT - 8)).toFixed(1);
  const line = points.map(({ us, nanos }) => `H${x(us)}V${y(nanos)}`).join("");
  return (
    <section aria-label="Cost over time" className="min-w-0">
      <h2 className="mb-1 font-semibold">Token cost over time</h2>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Token cost, rising to ${formatNanos(total)}`}
        className="h-36 w-full border-b border-l"
      >
        <path d={`M0 ${HEIGHT}${line}H${WIDTH}V${HEIGHT}Z`} className="fill-series-1 opacity-20" />
        <path
          d={`M0 ${HEIGHT}${line}H${WIDTH}`}
          className="fill-none stroke-series-1"
          vectorEffect="non-scaling-stroke"
          strokeWidth="1.5"
        />
      </svg>
      <div className="flex justify-between text-sm text-ink-3">
        <Time at={strip.fromUs / 1000} style="second" />
        <span>{formatNanos(total)}</span>
        <Time at={strip.toUs / 1000} style="second" />
      </div>
    </section>
  );
}

function pointsOf(strip: Strip): { us: number; nanos: number }[] {
  let nanos = 0;
  return strip.columns.flatMap((column) => {
    if (column.costNanos === 0) return [];
    nanos += column.costNanos;
    return [{ us: strip.fromUs + column.index * strip.bucketUs, nanos }];
  });
}
