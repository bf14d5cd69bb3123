"use client";
import { Time } from "@/components/shell/time";
import { spanTitle, stateWord } from "@/components/trace/span-words";
import { useTrace } from "@/components/trace/trace-context";
import { cx } from "@/components/ui/cx";
import { formatCompact, formatDuration, formatNanos } from "@/lib/format";
import type { LaneSpan } from "@/lib/sessions/lanes";

export type TipAt = { item: LaneSpan; x: number; y: number };

/** What is under the pointer, beside it. */
export function SpanTip({ tip, width }: { tip: TipAt; width: number }) {
  const { nameOf } = useTrace();
  const { span, fromUs, toUs, open } = tip.item;
  const leftHalf = tip.x < width / 2;
  const word = stateWord(span);
  return (
    <div
      className={cx(
        "pointer-events-none absolute z-20 flex max-w-72 flex-col rounded-md border border-line-strong bg-raised px-2 py-1 text-sm",
      )}
      style={{
        top: Math.max(2, tip.y - 12),
        ...(leftHalf ? { left: tip.x + 14 } : { right: width - tip.x + 14 }),
      }}
    >
      <span className="truncate font-medium">{spanTitle(span)}</span>
      <span className="text-ink-2">
        {nameOf(span.thread_id)} · <Time at={fromUs / 1000} style="millisecond" />
      </span>
      <span className="text-ink-2">
        {open ? "for " : ""}
        {formatDuration((toUs - fromUs) / 1000)}
        {word === "ok" ? "" : ` · ${word}`}
        {span.cost_nanos === null ? "" : ` · ${formatNanos(span.cost_nanos)}`}
      </span>
      {span.usage ? (
        <span className="text-ink-3">
          {formatCompact(span.usage.input_tokens)} in ·{" "}
          {formatCompact(span.usage.cache_read_tokens)} cached ·{" "}
          {formatCompact(span.usage.output_tokens)} out
        </span>
      ) : null}
    </div>
  );
}
