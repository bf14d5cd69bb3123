"use client";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { ChartViews } from "@/components/charts/chart-views";
import { RateChart } from "@/components/charts/rate-chart";
import { RateTable } from "@/components/charts/rate-table";
import { formatCount, formatPercent } from "@/lib/format";
import type { RatePoint, RateSeries } from "@/lib/series";

/** What a rate and its two parts are called. */
export type RateWords = { rate: string; above: string; below: string };

type RateCardProps = {
  data: RateSeries;
  /** The same over the whole range. */
  whole: RatePoint;
  words: RateWords;
  label: string;
  tz: string;
  onBrush?: (fromMs: number, toMs: number) => void;
  /** The sessions behind one bucket. */
  bucketHref?: (fromMs: number, toMs: number) => string;
};

/** A rate over time, never without what it is a rate of; as a table, too. */
export function RateCard({ data, whole, words, label, tz, onBrush, bucketHref }: RateCardProps) {
  const router = useRouter();
  return (
    <ChartViews
      label={label}
      height="h-64"
      legend={
        <>
          <Entry mark={<span className="h-0.5 w-3 bg-fail" />} name={words.rate}>
            {formatPercent(whole.rate)}
          </Entry>
          <Entry mark={<span className="h-2.5 w-3 bg-fail opacity-25" />} name="95 % interval">
            {whole.low === null
              ? "–"
              : `${formatPercent(whole.low)} – ${formatPercent(whole.high)}`}
          </Entry>
          <Entry mark={<span className="size-2 rounded-sm bg-fail" />} name={words.above}>
            {formatCount(whole.above)}
          </Entry>
          <Entry mark={<span className="size-2 rounded-sm bg-line-strong" />} name={words.below}>
            {formatCount(whole.below)}
          </Entry>
        </>
      }
      chart={
        <RateChart
          data={data}
          words={words}
          label={label}
          tz={tz}
          onBrush={onBrush}
          onPick={bucketHref ? (from, to) => router.push(bucketHref(from, to)) : undefined}
        />
      }
      table={
        <RateTable
          data={data}
          whole={whole}
          words={words}
          label={label}
          tz={tz}
          bucketHref={bucketHref}
        />
      }
    />
  );
}

function Entry({ mark, name, children }: { mark: ReactNode; name: string; children: ReactNode }) {
  return (
    <li className="inline-flex min-h-6 items-center gap-1.5">
      {mark}
      {name}
      <span className="text-ink">{children}</span>
    </li>
  );
}
