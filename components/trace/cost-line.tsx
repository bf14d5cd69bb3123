"use client";
import { Tag } from "@/components/ui/tag";
import { formatCents, formatCompact, formatNanos, formatNanosExact } from "@/lib/format";
import { driftWords } from "@/lib/sessions/reason";
import type { SessionItem } from "@/lib/sessions/schema";

/** The computed cost in its three parts, beside the provider's own figure and why they differ. */
export function CostLine({ item }: { item: SessionItem }) {
  const { cost } = item;
  const parts = [
    [cost.tokens_nanos, "tokens"],
    [cost.runtime_nanos, "runtime"],
    [cost.web_search_nanos, "searches"],
  ] as const;
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-ink-2">
      <span
        title={`${formatNanosExact(cost.computed_nanos)} by price book ${cost.price_book || "–"}`}
        className="text-md font-semibold text-ink"
      >
        {formatNanos(cost.computed_nanos)}
      </span>
      <span className="text-ink-3">=</span>
      {parts.map(([nanos, word], at) => (
        <span key={word}>
          {at > 0 ? <span className="text-ink-3">+ </span> : null}
          {formatNanos(nanos)} <span className="text-ink-3">{word}</span>
        </span>
      ))}
      {cost.unpriced_tokens > 0 ? (
        <Tag tone="wait" title="Their model stands in no price book; they are not in the cost">
          {formatCompact(cost.unpriced_tokens)} tokens unpriced
        </Tag>
      ) : null}
      {cost.missing_thread_tokens > 0 ? (
        <Tag tone="wait" title="Reported by the platform, but of threads whose events are not here">
          {formatCompact(cost.missing_thread_tokens)} tokens of unseen threads
        </Tag>
      ) : null}
      <ListCost item={item} />
    </p>
  );
}

function ListCost({ item }: { item: SessionItem }) {
  const { list_cost_cents, drift_nanos, drift_causes } = item.cost;
  if (list_cost_cents === null) {
    return <span className="text-ink-3">list cost not given by the provider</span>;
  }
  return (
    <span>
      <span className="text-ink-3">list</span> {formatCents(list_cost_cents)}
      {drift_nanos === null || drift_nanos === 0 ? null : (
        <>
          {" "}
          <span className="text-ink-3">drift</span> {drift_nanos > 0 ? "+" : ""}
          {formatNanos(drift_nanos)}{" "}
          <span className="text-ink-3">({driftWords(drift_causes)})</span>
        </>
      )}
    </span>
  );
}
