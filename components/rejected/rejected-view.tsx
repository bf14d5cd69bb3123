"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { BulkActions } from "@/components/rejected/bulk-actions";
import { BulkNotice } from "@/components/rejected/bulk-notice";
import { FilterSelects } from "@/components/rejected/filter-selects";
import { RejectedRow } from "@/components/rejected/rejected-row";
import { useBulk } from "@/components/rejected/use-bulk";
import { useRejected } from "@/components/rejected/use-rejected";
import { useLiveInterval } from "@/components/shell/live";
import { Failed } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { formatPlural } from "@/lib/format";
import { rejectedCounts, rejectedItem, rejectedList } from "@/lib/rejected/queries";

const LIVE_MS = 10_000;

/** What could not be taken in, newest first: why, what it was, and the ways to try again. */
export function RejectedView() {
  const state = useRejected();
  const { filter } = state;
  const list = useInfiniteQuery(rejectedList(filter));
  const refetchInterval = useLiveInterval(LIVE_MS);
  const counts = useQuery({ ...rejectedCounts(filter), refetchInterval }).data;
  const bulk = useBulk(filter, counts);
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const elsewhere = state.open !== null && !rows.some(({ id }) => id === state.open);
  const linked = useQuery({ ...rejectedItem(state.open ?? ""), enabled: elsewhere }).data;
  const shown = elsewhere && linked ? [linked, ...rows] : rows;
  const newest = rows[0]?.received_at ?? "";
  const newer = list.isSuccess && (counts?.newest_at ?? "") > newest;
  return (
    <div className="mx-auto flex w-full max-w-7xl flex-col gap-3 p-3 lg:p-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-lg font-semibold">Rejected items</h1>
        <p role="status" className="min-w-0 flex-1 text-sm text-ink-3">
          {counts
            ? `${counts.capped ? "over " : ""}${formatPlural(counts.total, "item")}, of all time`
            : ""}
        </p>
        <BulkActions bulk={bulk} counts={counts} />
      </header>
      <FilterSelects filter={filter} counts={counts} onChange={state.setFilter} />
      <BulkNotice bulk={bulk} />
      {newer && rows.length > 0 ? (
        <Button className="self-start" onClick={() => list.refetch()}>
          Show newer items
        </Button>
      ) : null}
      {list.isPending ? (
        <div role="status" aria-label="Rejected items: loading" className="h-96">
          <Skeleton className="h-full w-full" />
        </div>
      ) : list.isError && rows.length === 0 ? (
        <Failed what="The rejected items" error={list.error} retry={() => list.refetch()} />
      ) : shown.length === 0 ? (
        <Nothing filtered={state.filtered} onClear={state.clear} />
      ) : (
        <ul
          aria-label="Rejected items"
          className={cx("rounded-lg border bg-surface", list.isPlaceholderData && "opacity-60")}
        >
          {shown.map((item) => (
            <RejectedRow
              key={item.id}
              entry={item}
              open={item.id === state.open}
              onToggle={() => state.toggle(item.id)}
              onGone={state.gone}
            />
          ))}
        </ul>
      )}
      {list.isFetchNextPageError ? (
        <Failed what="More items" error={list.error} retry={() => list.fetchNextPage()} />
      ) : list.hasNextPage ? (
        <Button
          className="self-center"
          disabled={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </div>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return (
    <div className="rounded-lg border bg-surface">
      {filtered ? (
        <Empty
          title="No rejected item matches these filters"
          action={
            <Button variant="primary" onClick={onClear}>
              Clear filters
            </Button>
          }
        />
      ) : (
        <Empty title="Nothing waits here">
          What cannot be taken in is kept on this page with its reason, whole, until somebody tries
          it again or deletes it.
        </Empty>
      )}
    </div>
  );
}
