"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRef } from "react";
import { addressOf, listKeyOf, listParamsOf, sortingUrl } from "@/components/agents/address";
import { AgentsTable } from "@/components/agents/agents-table";
import { WORDS } from "@/components/agents/columns";
import { NothingHeld } from "@/components/fleet/nothing-held";
import { useFleetKeys } from "@/components/fleet/use-fleet-keys";
import { useLiveInterval } from "@/components/shell/live";
import { Failed } from "@/components/shell/panel";
import { useHref, useScope, useUrlState } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Select } from "@/components/ui/field";
import { SearchBox } from "@/components/ui/search-box";
import { Skeleton } from "@/components/ui/skeleton";
import { AGENT_SORTS } from "@/lib/agents/names";
import { agentsList } from "@/lib/agents/queries";
import { formatCount, formatInstant } from "@/lib/format";
import { rangeWords } from "@/lib/time/range";

const LIVE_MS = 60_000;

/** Every agent with what its sessions came to. */
export function AgentsView() {
  const { params, set } = useUrlState();
  const { scope, tz } = useScope();
  const href = useHref();
  const searchRef = useRef<HTMLInputElement>(null);
  useFleetKeys(searchRef, "Agents");
  const { q, sort, order } = addressOf(new URLSearchParams(params));
  const words = rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"));
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-lg font-semibold">
          Agents <span className="text-base font-normal text-ink-3">{words}</span>
        </h1>
        <Link
          href={href("/fleet")}
          className="text-sm text-ink-2 underline decoration-line-strong underline-offset-2 hover:text-ink"
        >
          What should be tidied up: Fleet
        </Link>
        <search className="flex flex-1 flex-wrap items-center justify-end gap-2">
          <SearchBox
            label="Search names and ids"
            placeholder="Search names, ids"
            value={q}
            inputRef={searchRef}
            onChange={(text) => set({ q: text || null }, { replace: true })}
          />
          <Select
            quiet
            aria-label="Sort by"
            value={sort}
            onChange={({ target }) => {
              const next = AGENT_SORTS.find((one) => one === target.value);
              if (next) set(sortingUrl(next, next === "name" ? "asc" : "desc"));
            }}
          >
            {AGENT_SORTS.map((one) => (
              <option key={one} value={one}>
                {WORDS[one].label}
              </option>
            ))}
          </Select>
        </search>
      </header>
      <section aria-label="Agents" className="min-w-0 overflow-x-auto rounded-lg border bg-surface">
        <List q={q} sort={{ column: sort, order }} />
      </section>
    </div>
  );
}

type ListProps = {
  q: string;
  sort: { column: (typeof AGENT_SORTS)[number]; order: "asc" | "desc" };
};

function List({ q, sort }: ListProps) {
  const { params, set } = useUrlState();
  const refetchInterval = useLiveInterval(LIVE_MS);
  const now = new URLSearchParams(params);
  const list = useInfiniteQuery({
    ...agentsList(listKeyOf(now), () => listParamsOf(now, Date.now())),
    refetchInterval,
  });
  if (list.isPending) return <LoadingRows />;
  if (list.isError && !list.data)
    return <Failed what="Agents" error={list.error} retry={() => list.refetch()} />;
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  if (rows.length === 0) return <NothingHeld kind="agents" q={q} />;
  return (
    <div className={cx(list.isPlaceholderData && "opacity-60")}>
      <AgentsTable
        rows={rows}
        sort={sort}
        onSort={({ column, order }) => set(sortingUrl(column, order))}
      />
      <footer className="flex flex-wrap items-center gap-3 px-3 py-2 text-sm text-ink-3">
        {list.hasNextPage ? (
          <Button size="sm" disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
        <span>
          {formatCount(rows.length)} of {formatCount(list.data?.pages[0]?.total ?? rows.length)}
        </span>
      </footer>
    </div>
  );
}

const ROWS = Array.from({ length: 10 }, (_, row) => row);

function LoadingRows() {
  return (
    <div role="status" aria-label="Agents: loading" className="pt-8">
      {ROWS.map((row) => (
        <div key={row} className="flex h-14 items-center border-b px-3">
          <Skeleton className="h-3 w-full" />
        </div>
      ))}
    </div>
  );
}
