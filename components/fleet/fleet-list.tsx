"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { addressOf, listKeyOf, listParamsOf, sortedBy } from "@/components/fleet/address";
import type { Column } from "@/components/fleet/columns";
import { FleetCards } from "@/components/fleet/fleet-cards";
import { FleetTable, type FleetTableProps, type HeldRow } from "@/components/fleet/fleet-table";
import { NothingHeld } from "@/components/fleet/nothing-held";
import { useLiveInterval } from "@/components/shell/live";
import { useMedia } from "@/components/shell/media";
import { Failed } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Skeleton } from "@/components/ui/skeleton";
import { fleetList } from "@/lib/fleet/queries";
import type { FleetKind } from "@/lib/fleet/words";
import { formatCount } from "@/lib/format";

const LIVE_MS = 60_000;

type FleetListProps<Row extends HeldRow> = Pick<
  FleetTableProps<Row>,
  "label" | "titleOf" | "hrefOf"
> & {
  kind: FleetKind;
  columns: readonly Column<Row>[];
  /** Under the list, when it has something to explain. */
  note?: (rows: readonly Row[]) => string | null;
};

/** One kind of the fleet: a table, in a narrow window a list, with its loading, failed and empty states. */
export function FleetList<Row extends HeldRow>(props: FleetListProps<Row>) {
  const { params, set } = useUrlState();
  const narrow = useMedia("(width < 48rem)");
  const refetchInterval = useLiveInterval(LIVE_MS);
  const now = new URLSearchParams(params);
  const { sort, order, q } = addressOf(now);
  const list = useInfiniteQuery({
    ...fleetList<Row>(props.kind, listKeyOf(now), () => listParamsOf(now, Date.now())),
    refetchInterval,
  });
  if (list.isPending) return <LoadingRows />;
  if (list.isError && !list.data)
    return <Failed what="The fleet" error={list.error} retry={() => list.refetch()} />;
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  if (rows.length === 0) return <NothingHeld kind={props.kind} q={q} />;
  const Shown = narrow ? FleetCards : FleetTable;
  const note = props.note?.(rows) ?? null;
  return (
    <div className={cx(list.isPlaceholderData && "opacity-60")}>
      <Shown
        {...props}
        rows={rows}
        sorting={{ sort, order }}
        onSort={(next) => set(sortedBy(next, { sort, order }))}
      />
      <footer className="flex flex-wrap items-center gap-3 px-3 py-2 text-sm text-ink-3 lg:px-4">
        {list.hasNextPage ? (
          <Button size="sm" disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
        <span>
          {formatCount(rows.length)} of {formatCount(list.data?.pages[0]?.total ?? rows.length)}
        </span>
        {note ? <span className="min-w-0 flex-1 basis-80">{note}</span> : null}
      </footer>
    </div>
  );
}

const ROWS = Array.from({ length: 12 }, (_, row) => row);

function LoadingRows() {
  return (
    <div role="status" aria-label="The fleet: loading" className="pt-8">
      {ROWS.map((row) => (
        <div key={row} className="flex h-14 items-center border-b px-3 lg:px-4">
          <Skeleton className="h-3 w-full" />
        </div>
      ))}
    </div>
  );
}
