"use client";
import { type ReactNode, useRef } from "react";
import { Failed } from "@/components/shell/panel";
import { useShortcuts } from "@/components/shell/shortcuts";
import { useTrace } from "@/components/trace/trace-context";
import type { EventWindow } from "@/components/trace/use-event-window";
import { useRowCursor } from "@/components/trace/use-row-cursor";
import { useRowList } from "@/components/trace/use-row-list";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { nextEvent } from "@/lib/sessions/find";

/** The scrolling list of transcript and events: only the rows in view are in the page. */
export function VirtualRows({
  label,
  window,
  count,
  keyOf,
  heightOf,
  atOf,
  indexOf,
  idAt,
  render,
  empty,
}: {
  label: string;
  window: EventWindow;
  count: number;
  keyOf: (index: number) => string;
  heightOf: (index: number) => number;
  atOf: (index: number) => number | null;
  indexOf: (eventId: string) => number;
  /** The event a row selects; null for rows that select none. */
  idAt: (index: number) => string | null;
  render: (index: number) => ReactNode;
  empty: ReactNode;
}) {
  const scroller = useRef<HTMLDivElement | null>(null);
  const rows = useRef<HTMLUListElement | null>(null);
  const { list, onWheel } = useRowList({ scroller, count, keyOf, heightOf, indexOf, window });
  useRowCursor(rows);
  useRowKeys({ count, indexOf, idAt });
  if (window.error && window.events.length === 0)
    return (
      <div className="flex min-h-0 flex-1 items-center justify-center">
        <EventsFailed window={window} />
      </div>
    );
  return (
    <div
      ref={scroller}
      className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
      onWheel={(event) => onWheel(event.deltaY)}
    >
      {window.loading === "first" ? <LoadingRows /> : count === 0 ? empty : null}
      <ul
        ref={rows}
        aria-label={label}
        className="relative"
        style={{ height: list.getTotalSize() }}
      >
        {list.getVirtualItems().map((item) => (
          <li
            key={item.key}
            data-index={item.index}
            data-at={atOf(item.index) ?? undefined}
            ref={list.measureElement}
            className="absolute inset-x-0 top-0 contain-content data-near:outline data-near:-outline-offset-1 data-near:outline-line-strong"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {render(item.index)}
          </li>
        ))}
      </ul>
      {window.error ? (
        <div className="flex items-center gap-2 px-4 py-2 text-sm text-fail" role="alert">
          More events could not be loaded.
          <Button size="sm" onClick={window.retry}>
            Try again
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function EventsFailed({ window }: { window: EventWindow }) {
  const { anchor, jump, select } = useTrace();
  function fromStart() {
    select(null);
    jump({ kind: "start" });
  }
  return (
    <div className="flex flex-col items-center">
      <Failed what="The events" error={window.error} retry={window.retry} />
      {anchor.kind === "event" ? <Button onClick={fromStart}>Read from the start</Button> : null}
    </div>
  );
}

/** `j` and `k` select the row below and above. */
function useRowKeys(given: {
  count: number;
  indexOf: (eventId: string) => number;
  idAt: (index: number) => string | null;
}): void {
  const { state, select } = useTrace();
  const move = (step: 1 | -1) => {
    const { count, indexOf, idAt } = given;
    const selected = state.eventId;
    const from = selected === null ? -1 : indexOf(selected);
    const id = nextEvent({ count, from, step, selected, idAt });
    if (id !== null) select(id, { reveal: "near" });
  };
  useShortcuts([
    { keys: "j", label: "Next row", group: "Session", run: () => move(1) },
    { keys: "k", label: "Previous row", group: "Session", run: () => move(-1) },
  ]);
}

const GHOSTS = Array.from({ length: 14 }, (_, at) => `ghost-${at}`);

function LoadingRows() {
  return (
    <div role="status" aria-label="Events: loading" className="absolute inset-0 overflow-hidden">
      {GHOSTS.map((ghost) => (
        <div key={ghost} className="flex h-8 items-center gap-3 border-b px-4">
          <Skeleton className="h-3 w-14" />
          <Skeleton className="h-3 flex-1" />
          <Skeleton className="h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
