"use client";
import { useQuery } from "@tanstack/react-query";
import { type Asked, setSpan, spanOf, wholeFiltersOf } from "@/components/metrics/asked";
import { LIVE_MS, useNowAsking } from "@/components/metrics/use-answers";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { formatCompact, formatNanos, formatPercent } from "@/lib/format";
import { cacheSavings } from "@/lib/savings/queries";
import type { ModelSavings, Savings } from "@/lib/savings/schema";

const savingsParams = (asked: Asked, nowMs: number, firstMs: number) =>
  setSpan(wholeFiltersOf(asked.params, ["model"]), spanOf(asked, nowMs, firstMs));

/** What reading from the cache saved, what writing to it cost, and what was written twice. */
export function CachePanel({ asked }: { asked: Asked }) {
  const now = useNowAsking(asked);
  const key = JSON.stringify([asked.scope.range, `${wholeFiltersOf(asked.params, ["model"])}`]);
  const query = useQuery({
    ...cacheSavings(key, () => now(savingsParams)),
    refetchInterval: useLiveInterval(LIVE_MS),
  });
  return (
    <Panel title="Prompt cache" hint="whole range, at the prices of its time" flush>
      <QueryState query={query} what="The cache" height="min-h-60">
        {(savings) =>
          savings.prompt_tokens === 0 ? (
            <div className="flex min-h-60 items-center justify-center">
              <Empty title="No model request ended in this range." />
            </div>
          ) : (
            <Loaded savings={savings} />
          )
        }
      </QueryState>
    </Panel>
  );
}

const CELL = "h-8 px-3 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;
const HEADS: readonly [name: string, means: string][] = [
  ["Hit", "share of prompt tokens that were read from the cache"],
  ["Saved", "what the tokens read would have cost more as new input"],
  ["Writing", "what writing to the cache cost above plain input"],
  ["Lost", "what it cost to write again what had expired"],
];

function Loaded({ savings }: { savings: Savings }) {
  const { models, expired_tokens, lost_nanos, saved_nanos, premium_nanos } = savings;
  return (
    <>
      <div {...SCROLLABLE} className="overflow-x-auto">
        <table className="w-full border-t">
          <caption className="sr-only">The prompt cache by model</caption>
          <thead>
            <tr className="border-b text-sm text-ink-3">
              <th scope="col" className={cx(CELL, "text-left font-normal")}>
                Model
              </th>
              {HEADS.map(([name, means]) => (
                <th key={name} scope="col" title={means} className={cx(FIGURE, "font-normal")}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <Row key={model.model} name={model.model || "no model"} figures={model} />
            ))}
            {models.length > 1 ? <Row name="Sum" figures={savings} isSum /> : null}
          </tbody>
        </table>
      </div>
      <p className="border-t p-3 text-sm text-ink-3">
        {formatNanos(saved_nanos - premium_nanos)} saved after the price of writing.{" "}
        {expired_tokens === 0
          ? "Nothing was written again because it had expired."
          : `${formatCompact(expired_tokens)} tokens were written again, for ${formatNanos(lost_nanos)} more than reading them: a request came more than five minutes after the one before. Where waits are longer, a cache of one hour may cost less.`}
      </p>
    </>
  );
}

type RowProps = { name: string; figures: Omit<ModelSavings, "model">; isSum?: boolean };

function Row({ name, figures, isSum }: RowProps) {
  const { prompt_tokens, read_tokens, saved_nanos, premium_nanos, lost_nanos } = figures;
  const isPriced = figures.unpriced_tokens === 0 || saved_nanos > 0;
  const money = (nanos: number) => (isPriced ? formatNanos(nanos) : "unpriced");
  return (
    <tr className={cx("border-b last:border-b-0", isSum && "font-medium")}>
      <th scope="row" className={cx(CELL, "w-full text-left", !isSum && "font-normal")}>
        {name}
      </th>
      <td className={FIGURE}>
        {formatPercent(prompt_tokens === 0 ? null : read_tokens / prompt_tokens)}
      </td>
      {[saved_nanos, premium_nanos, lost_nanos].map((nanos, at) => (
        <td key={HEADS[at + 1]?.[0]} className={FIGURE}>
          {money(nanos)}
        </td>
      ))}
    </tr>
  );
}
