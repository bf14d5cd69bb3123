"use client";
import { useQuery } from "@tanstack/react-query";
import { Panel } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { resolveModel } from "@/lib/costs/book";
import { bookOf } from "@/lib/costs/own-prices";
import type { Prices } from "@/lib/costs/prices-schema";
import { formatCompact } from "@/lib/format";
import { metricAnswers } from "@/lib/metrics/queries";

const DAYS = 90;
const AGAIN_MS = 30_000;

type UnpricedPanelProps = { prices: Prices; onAdd: (model: string) => void };

/** Models whose tokens no cost contains. Nothing where all are priced. */
export function UnpricedPanel({ prices, onAdd }: UnpricedPanelProps) {
  const { data } = useQuery({
    ...metricAnswers("unpriced-models", async () => questions()),
    refetchInterval: AGAIN_MS,
  });
  const models = (data?.unpriced?.[0]?.series ?? []).filter(({ total }) => (total ?? 0) > 0);
  if (models.length === 0) return null;
  const book = bookOf(prices.terms, prices.number);
  return (
    <Panel title="Unpriced models seen here" hint={`tokens of the last ${DAYS} days`} flush>
      <ul className="border-t">
        {models.map(({ labels: { model = "" }, total }) => (
          <li
            key={model}
            className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1 last:border-b-0"
          >
            <span className="min-w-0 flex-1 break-all font-mono">{model || "model not told"}</span>
            <span className="text-ink-2">{formatCompact(total ?? 0)} tokens</span>
            {!model ? (
              <span className="text-sm text-ink-3">send the model with the session</span>
            ) : resolveModel(model, book) === null ? (
              <Button size="sm" onClick={() => onAdd(model)}>
                Add price
                <span className="sr-only"> of {model}</span>
              </Button>
            ) : (
              <span className="text-sm text-ink-3">
                has a price now: re-price history; what stays has a speed or region without one
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function questions() {
  const hour = 3_600_000;
  const toMs = Math.ceil(Date.now() / hour) * hour;
  const params = new URLSearchParams({ metric: "unpriced_tokens", group_by: "model", step: "all" });
  params.set("from", new Date(toMs - DAYS * 24 * hour).toISOString());
  params.set("to", new Date(toMs).toISOString());
  params.set("limit", "20");
  return { unpriced: params };
}
