import type { ReactNode } from "react";
import { xOf } from "@/components/charts/scale";
import { formatInstant } from "@/lib/format";
import type { TimeBuckets } from "@/lib/series";

type TipBoxProps = { data: TimeBuckets; index: number; tz: string; children: ReactNode };

/** A bucket's time and what it holds, beside the pointer: never over it. */
export function TipBox({ data, index, tz, children }: TipBoxProps) {
  const start = data.times[index] ?? data.fromMs;
  const end = start + data.stepMs;
  const middle = xOf((start + end) / 2, data) / 10;
  const sameDay = data.stepMs < 86_400_000;
  return (
    <div
      className="pointer-events-none absolute top-0 z-10 w-52 rounded-md border border-line-strong bg-raised p-2 text-sm"
      style={
        middle < 50
          ? { left: `calc(${middle}% + 1rem)` }
          : { right: `calc(${100 - middle}% + 1rem)` }
      }
    >
      <p className="mb-1 text-ink-2">
        {formatInstant(start, tz, "dayMinute")} –{" "}
        {formatInstant(end, tz, sameDay ? "minute" : "dayMinute")}
      </p>
      {children}
    </div>
  );
}
