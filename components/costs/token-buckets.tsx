"use client";
import { BUCKET_LOOKS } from "@/components/costs/looks";
import { resultOf, totalOf } from "@/components/metrics/answers";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { formatCompact, formatNanos, formatPercent } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";

const CELL = "h-9 border-b px-3 whitespace-nowrap";
const MILLION = 1_000_000;

/** Tokens of the range by bucket: each token is in exactly one. */
export function TokenBuckets({ answers }: { answers: Answers }) {
  const series = resultOf(answers.buckets, "tokens")?.series ?? [];
  const tokens = series.reduce((sum, { total }) => sum + (total ?? 0), 0);
  if (tokens === 0) return <Empty title="No tokens in this range." />;
  const priced = tokens - totalOf(answers.figures, "unpriced_tokens");
  const cost = totalOf(answers.figures, "cost_tokens");
  return (
    <>
      <table className="w-full border-t">
        <caption className="sr-only">Tokens by bucket</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Bucket</th>
            <th scope="col">Tokens</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(BUCKET_LOOKS).map(([bucket, { label, color }]) => {
            const value = series.find(({ labels }) => labels.bucket === bucket)?.total ?? 0;
            return (
              <tr key={bucket}>
                <th scope="row" className={cx(CELL, "w-44 text-left font-normal")}>
                  {label}
                </th>
                <td className={cx(CELL, "w-20 text-right")}>{formatCompact(value)}</td>
                <td className={cx(CELL, "relative")}>
                  <span className="flex items-center gap-2">
                    <span className="h-2 min-w-0 flex-1 rounded-sm bg-sunken max-sm:hidden">
                      <span
                        className="block h-2 rounded-sm"
                        style={{ width: `${(value / tokens) * 100}%`, background: color }}
                      />
                    </span>
                    <span className="w-14 text-right text-ink-2 max-sm:w-full">
                      {formatPercent(value / tokens)}
                    </span>
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="p-3 text-ink-2">
        {formatCompact(tokens)} tokens for {formatNanos(cost)}
        {priced > 0
          ? `: ${formatNanos(Math.round((cost / priced) * MILLION))} per million, of those with a price.`
          : ": none of them has a price."}
      </p>
    </>
  );
}
