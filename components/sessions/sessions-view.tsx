"use client";
import { useQuery } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import { FilterBar } from "@/components/sessions/filter-bar";
import { ListEnd, LoadingRows, NoSessions } from "@/components/sessions/list-notes";
import { Preview } from "@/components/sessions/preview";
import { SessionTable } from "@/components/sessions/session-table";
import { useTableLayout } from "@/components/sessions/table-layout";
import { ColumnsMenu, ExportMenu } from "@/components/sessions/table-menus";
import { useListState } from "@/components/sessions/use-list-state";
import { ViewsMenu } from "@/components/sessions/views-menu";
import { useMedia } from "@/components/shell/media";
import { Failed } from "@/components/shell/panel";
import { withChanges } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { formatPlural } from "@/lib/format";
import { sessionCounts } from "@/lib/sessions/queries";

export function SessionsView() {
  const state = useListState();
  const { params, set, sessions } = state;
  const narrow = useMedia("(width < 48rem)");
  const layout = useTableLayout();
  const counts = useQuery(sessionCounts(state.key, () => withoutOrder(state.apiQuery()))).data;
  return (
    <div className="flex h-[calc(100dvh-var(--shell-height))] min-h-96 flex-col">
      <header className="flex flex-col gap-2 border-b px-3 py-2 lg:px-4">
        <div className="flex min-h-8 items-center gap-2">
          <h1 className="text-lg font-semibold">Sessions</h1>
          <p role="status" className="min-w-0 flex-1 truncate text-sm text-ink-3">
            {counts
              ? `${counts.capped ? "over " : ""}${formatPlural(counts.total, "session")}`
              : ""}
          </p>
          <ViewsMenu
            room="sessions"
            query={withChanges(new URLSearchParams(params), { preview: null }).toString()}
            onOpen={(query) =>
              window.history.pushState(null, "", query ? `/sessions?${query}` : "/sessions")
            }
          />
          {narrow ? null : <ColumnsMenu layout={layout} />}
          <ExportMenu hrefOf={(format) => exportHref(state.apiQuery(), format)} />
        </div>
        <FilterBar
          params={new URLSearchParams(params)}
          facets={counts?.facets}
          set={set}
          searchRef={state.searchRef}
        />
      </header>
      <div className="relative flex min-h-0 flex-1 bg-surface">
        <div
          className={cx(
            "relative flex min-w-0 flex-1 flex-col",
            sessions.list.isPlaceholderData && "opacity-60",
          )}
        >
          <NewPill count={sessions.newCount} onShow={state.showNew} />
          <Body
            state={state}
            layout={layout}
            narrow={narrow}
            total={counts?.capped ? null : (counts?.total ?? null)}
          />
        </div>
        {state.preview ? (
          <Preview
            session={state.preview}
            href={state.hrefOf(state.preview)}
            onClose={state.closePreview}
          />
        ) : null}
      </div>
    </div>
  );
}

type BodyProps = {
  state: ReturnType<typeof useListState>;
  layout: ReturnType<typeof useTableLayout>;
  narrow: boolean;
  total: number | null;
};

function Body({ state, layout, narrow, total }: BodyProps) {
  const { list, rows, gone } = state.sessions;
  if (list.isPending) return <LoadingRows height={narrow ? "h-16" : "h-9"} />;
  if (list.isError && rows.length === 0)
    return <Failed what="The sessions" error={list.error} retry={() => list.refetch()} />;
  if (rows.length === 0) return <NoSessions />;
  return (
    <SessionTable
      rows={rows}
      gone={gone}
      total={total}
      active={state.active}
      onActive={state.setActive}
      hrefOf={state.hrefOf}
      layout={layout}
      narrow={narrow}
      sorting={{
        sort: state.params.get("sort") ?? "started_at",
        order: state.params.get("order") === "asc" ? "asc" : "desc",
      }}
      onSort={({ sort, order }) =>
        state.set({
          sort: sort === "started_at" ? null : sort,
          order: order === "desc" ? null : order,
        })
      }
      hasMore={list.hasNextPage && !list.isFetchingNextPage && !list.isFetchNextPageError}
      onMore={list.fetchNextPage}
      onVisible={state.setVisible}
      footer={<ListEnd list={list} count={rows.length} />}
    />
  );
}

/** New sessions wait here instead of pushing rows away under the reader's eyes. */
function NewPill({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center"
    >
      {count > 0 ? (
        <Button
          variant="primary"
          size="sm"
          className="pointer-events-auto rounded-full"
          onClick={onShow}
        >
          <ArrowUp size={12} aria-hidden />
          {count} new
        </Button>
      ) : null}
    </div>
  );
}

function withoutOrder(params: URLSearchParams): URLSearchParams {
  params.delete("sort");
  params.delete("order");
  return params;
}

function exportHref(params: URLSearchParams, format: string): string {
  params.set("format", format);
  return `/api/v1/sessions/export?${params}`;
}
