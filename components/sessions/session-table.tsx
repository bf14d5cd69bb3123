"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { rowKey } from "@/components/sessions/merge";
import { SessionCard, SessionRow } from "@/components/sessions/session-row";
import { type Sorting, TableHead } from "@/components/sessions/table-head";
import type { TableLayout } from "@/components/sessions/table-layout";
import type { SessionItem } from "@/lib/sessions/schema";

type SessionTableProps = {
  rows: readonly SessionItem[];
  gone: ReadonlySet<string>;
  /** All sessions that match, as far as it is known. */
  total: number | null;
  active: number;
  onActive: (index: number) => void;
  hrefOf: (session: SessionItem) => string;
  layout: TableLayout;
  sorting: Sorting;
  onSort: (next: Sorting) => void;
  narrow: boolean;
  hasMore: boolean;
  onMore: () => void;
  onVisible: (index: number) => void;
  footer: ReactNode;
};

/** Only the rows in sight exist; two empty rows hold the place of the others. */
export function SessionTable(props: SessionTableProps) {
  const { rows, gone, active, onActive, hrefOf, layout, narrow, hasMore, onMore, onVisible } =
    props;
  const box = useRef<HTMLDivElement>(null);
  const height = narrow ? 64 : 36;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 12,
    initialRect: { width: 1280, height: 900 },
    scrollPaddingStart: narrow ? 0 : 32,
    getItemKey: (index) => {
      const row = rows[index];
      return row ? rowKey(row) : index;
    },
  });
  const items = virtual.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  useReach({ last: last?.index ?? 0, count: rows.length, hasMore, onMore });
  useVisible(virtual.range?.startIndex ?? 0, onVisible);
  useMeasure(virtual, height);
  useFollow(box, active, (index) => virtual.scrollToIndex(index));

  const above = first?.start ?? 0;
  const below = virtual.getTotalSize() - (last?.end ?? 0);
  const cells = items.flatMap((item) => {
    const session = rows[item.index];
    if (!session) return [];
    const key = rowKey(session);
    const common = {
      session,
      href: hrefOf(session),
      active: item.index === active,
      gone: gone.has(key),
      onFocus: () => onActive(item.index),
    };
    return narrow
      ? [<SessionCard key={key} {...common} />]
      : [<SessionRow key={key} {...common} layout={layout} rowIndex={item.index + 2} />];
  });

  return (
    <div ref={box} className="min-h-0 flex-1 overflow-auto overscroll-contain">
      {narrow ? (
        <ul aria-label="Sessions" style={{ paddingTop: above, paddingBottom: below }}>
          {cells}
        </ul>
      ) : (
        <table
          aria-label="Sessions"
          aria-rowcount={props.total === null ? -1 : props.total + 1}
          className="w-full table-fixed border-separate border-spacing-0"
          style={{ minWidth: layout.minWidth }}
        >
          <colgroup>
            {layout.columns.map((column) => (
              <col key={column.id} style={{ width: layout.colWidth(column) }} />
            ))}
          </colgroup>
          <TableHead layout={layout} sorting={props.sorting} onSort={props.onSort} />
          <tbody>
            {above > 0 ? <Spacer height={above} /> : null}
            {cells}
            {below > 0 ? <Spacer height={below} /> : null}
          </tbody>
        </table>
      )}
      {props.footer}
    </div>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  );
}

/** Asks for more before the end comes into sight. */
function useReach(at: { last: number; count: number; hasMore: boolean; onMore: () => void }) {
  const { last, count, hasMore, onMore } = at;
  useEffect(() => {
    if (hasMore && last >= count - 30) onMore();
  }, [last, count, hasMore, onMore]);
}

function useVisible(index: number, onVisible: (index: number) => void) {
  useEffect(() => onVisible(index), [index, onVisible]);
}

function useMeasure(virtual: { measure: () => void }, height: number) {
  const before = useRef(height);
  useEffect(() => {
    if (before.current === height) return;
    before.current = height;
    virtual.measure();
  }, [virtual, height]);
}

/** Brings the active row into sight and the focus onto it, wherever the keyboard moved it. */
function useFollow(
  box: RefObject<HTMLDivElement | null>,
  active: number,
  scrollTo: (index: number) => void,
) {
  const followed = useRef(active);
  useEffect(() => {
    if (active < 0 || active === followed.current) return;
    followed.current = active;
    scrollTo(active);
    requestAnimationFrame(() => {
      const row = box.current?.querySelector<HTMLElement>('[data-active="true"] [data-row-link]');
      if (row && row !== document.activeElement) row.focus({ preventScroll: true });
    });
  }, [box, active, scrollTo]);
}
