"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { Failed } from "@/components/shell/panel";
import { useScope } from "@/components/shell/scope";
import { usageWords } from "@/components/trace/row-steps";
import { ToolStateMark } from "@/components/trace/row-tool";
import { kindWord, spanTitle } from "@/components/trace/span-words";
import { useTrace } from "@/components/trace/trace-context";
import { useRested } from "@/components/trace/use-window-spans";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { Checkbox } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCount, formatDuration, formatInstant, formatNanos, plain } from "@/lib/format";
import { sessionTrace } from "@/lib/sessions/queries";
import type { SpanItem } from "@/lib/sessions/schema";
import { clipSpan } from "@/lib/sessions/transcript-context";
import { isoFromMicros } from "@/lib/time/micros";

const HEIGHT = 29;
// Columns go as the room does: the inspector takes its part of it.
const FROM_MD = "@max-2xl:hidden";
const FROM_LG = "@max-3xl:hidden";
const FROM_XL = "@max-5xl:hidden";
const CELL = "h-[29px] truncate border-b px-1.5 py-0";

/** The timeline as a table: every span, in the order they began. */
export function SpansPanel() {
  const { session, zoom, state, replay, data } = useTrace();
  const [inZoom, setInZoom] = useState(false);
  const window = useRested(inZoom ? zoom : null);
  const range = window
    ? { from: isoFromMicros(window.fromUs), to: isoFromMicros(window.toUs) }
    : {};
  const thread = state.thread === "all" ? {} : { thread: state.thread };
  const query = useInfiniteQuery(sessionTrace(session, { ...range, ...thread, limit: 500 }));
  const spans = useMemo(() => {
    const all = (query.data?.pages ?? []).flatMap((page) => page.data);
    const { atUs } = replay;
    return all.flatMap((span) => clipSpan(span, atUs) ?? []);
  }, [query.data, replay]);
  if (query.error && !query.data) {
    return <Failed what="The spans" error={query.error} retry={() => query.refetch()} />;
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {query.data ? (
        <SpanTable spans={spans} more={query.hasNextPage} load={() => query.fetchNextPage()} />
      ) : (
        <Skeleton className="m-3 flex-1" />
      )}
      <div className="flex min-h-8 flex-wrap items-center gap-3 border-t px-3 text-sm text-ink-2 lg:px-4">
        <span role="status">
          {formatCount(spans.length)} spans
          {query.hasNextPage ? " so far, more as you scroll" : ", all of them"}
          {data.live ? ", live" : ""}
        </span>
        <Checkbox
          label="Only the zoomed stretch"
          disabled={zoom === null}
          checked={inZoom}
          onChange={(event) => setInZoom(event.currentTarget.checked)}
        />
      </div>
    </div>
  );
}

function SpanTable({
  spans,
  more,
  load,
}: {
  spans: readonly SpanItem[];
  more: boolean;
  load: () => void;
}) {
  const scroller = useRef<HTMLDivElement | null>(null);
  const list = useVirtualizer({
    count: spans.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    overscan: 16,
  });
  const { tz } = useScope();
  const near = more && (list.range?.endIndex ?? 0) > spans.length - 60;
  useEffect(() => {
    if (near) load();
  }, [near, load]);
  if (spans.length === 0) return <Empty title="No spans here" />;
  const items = list.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = list.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div
      ref={scroller}
      className="@container min-h-0 flex-1 overflow-y-auto overscroll-contain px-1.5 lg:px-2.5"
    >
      <table
        className="w-full table-fixed border-separate border-spacing-0"
        aria-label="Spans"
        aria-rowcount={more ? -1 : spans.length + 1}
      >
        <thead className="sticky top-0 z-20 bg-surface text-left text-sm text-ink-3">
          <tr>
            <Head className="w-18">Start</Head>
            <Head className={cx("w-40", FROM_MD)}>Thread</Head>
            <Head className={cx("w-32", FROM_MD)}>Kind</Head>
            <Head>Name</Head>
            <Head className="w-24 text-right">Duration</Head>
            <Head className={cx("w-72", FROM_XL)}>Tokens</Head>
            <Head className="w-20 text-right">Cost</Head>
            <Head className={cx("w-32", FROM_LG)}>State</Head>
          </tr>
        </thead>
        <tbody>
          <Spacer height={above} />
          {items.map((item) => {
            const span = spans[item.index];
            return span ? <SpanRow key={span.id} span={span} index={item.index} tz={tz} /> : null;
          })}
          <Spacer height={below} />
        </tbody>
      </table>
    </div>
  );
}

function Head({ className, children }: { className?: string; children: string }) {
  return (
    <th scope="col" className={cx("h-7 border-b px-1.5 font-normal", className)}>
      {children}
    </th>
  );
}

/** Holds the place of the rows that are not in the page. */
function Spacer({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden>
      <td style={{ height }} />
    </tr>
  ) : null;
}

function SpanRow({ span, index, tz }: { span: SpanItem; index: number; tz: string }) {
  const { nameOf, state, select } = useTrace();
  const at = span.started_at ?? span.ended_at;
  const eventId = span.start_event_id ?? span.end_event_id;
  const selected = eventId !== null && eventId === state.eventId;
  return (
    <tr
      aria-rowindex={index + 2}
      className={cx(
        "relative",
        selected ? "bg-selected" : "hover:bg-hover",
        span.kind === "turn" && "font-medium",
      )}
    >
      <td className={cx(CELL, "font-mono text-xs text-ink-3")}>
        {at === null ? "–" : formatInstant(Date.parse(at), tz, "second")}
      </td>
      <td className={cx(CELL, FROM_MD)}>{plain(nameOf(span.thread_id))}</td>
      <td className={cx(CELL, "text-ink-2", FROM_MD)}>{kindWord(span.kind)}</td>
      <td className={CELL}>
        <button
          type="button"
          aria-pressed={selected}
          disabled={eventId === null}
          onClick={() => select(eventId)}
          className="max-w-full truncate text-left after:absolute after:inset-0"
        >
          {plain(spanTitle(span))}
        </button>
      </td>
      <td className={cx(CELL, "text-right")}>{formatDuration(span.duration_ms)}</td>
      <td className={cx(CELL, "text-sm text-ink-3", FROM_XL)}>
        {span.usage ? usageWords(span.usage) : null}
      </td>
      <td className={cx(CELL, "text-right")}>
        {span.cost_nanos === null ? null : formatNanos(span.cost_nanos)}
      </td>
      <td className={cx(CELL, FROM_LG)}>
        {span.kind === "turn" ? null : <ToolStateMark state={span.state} />}
      </td>
    </tr>
  );
}
