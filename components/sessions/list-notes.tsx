"use client";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import Link from "next/link";
import { cleared, isFilter } from "@/components/sessions/filter";
import { Failed } from "@/components/shell/panel";
import { useHref, useScope, useUrlState } from "@/components/shell/scope";
import { Button, buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { formatInstant } from "@/lib/format";
import { rangeWords } from "@/lib/time/range";

/** Nothing in the list: because of the filters, of the range, or because nothing was ever sent. */
export function NoSessions() {
  const { params, set } = useUrlState();
  const { scope, setScope, tz } = useScope();
  const href = useHref();
  const filtered = [...params.keys()].some(isFilter);
  const everything = scope.range.kind === "preset" && scope.range.preset === "all";
  const showAll = (
    <Button onClick={() => setScope({ range: { kind: "preset", preset: "all" } })}>
      Show all time
    </Button>
  );
  if (filtered)
    return (
      <Empty
        title="No session matches these filters"
        action={
          <>
            <Button variant="primary" onClick={() => set(cleared(params))}>
              Clear filters
            </Button>
            {everything ? null : showAll}
          </>
        }
      >
        Range: {rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"))}
      </Empty>
    );
  if (!everything)
    return (
      <Empty title="No session in this range" action={showAll}>
        Range: {rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"))}
      </Empty>
    );
  return (
    <Empty
      title="No sessions yet"
      action={
        <Link href={href("/import")} className={buttonClass("primary")}>
          Send or import data
        </Link>
      }
    >
      Sessions appear here as soon as their first event has come.
    </Empty>
  );
}

/** The end of the list: more is coming, could not be read, or everything is there. */
export function ListEnd({ list, count }: { list: UseInfiniteQueryResult<unknown>; count: number }) {
  if (list.isFetchNextPageError)
    return <Failed what="More sessions" error={list.error} retry={() => list.fetchNextPage()} />;
  if (list.hasNextPage)
    return (
      <div role="status" aria-label="More sessions are loading" className="p-3">
        <Skeleton className="h-4 w-48" />
      </div>
    );
  return count > 20 ? <p className="p-3 text-sm text-ink-3">That is all of them.</p> : null;
}

const ROWS = Array.from({ length: 24 }, (_, row) => row);

/** As many empty rows as a window holds. */
export function LoadingRows({ height }: { height: string }) {
  return (
    <div
      role="status"
      aria-label="Sessions: loading"
      className="min-h-0 flex-1 overflow-hidden pt-8"
    >
      {ROWS.map((row) => (
        <div key={row} className={`flex items-center border-b px-2 ${height}`}>
          <Skeleton className="h-3 w-full" />
        </div>
      ))}
    </div>
  );
}
