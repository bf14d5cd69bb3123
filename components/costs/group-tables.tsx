"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { groupParams, reconcileKey } from "@/components/costs/prepare";
import {
  CAUSE_WORDS,
  listWords,
  moneyWords,
  signedNanos,
  signedRatio,
} from "@/components/costs/words";
import { Panel, QueryState } from "@/components/shell/panel";
import { useScope, useUrlState } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { reconcileGroups } from "@/lib/costs/queries";
import type { ReconcileGroup, ReconcileSums } from "@/lib/costs/reconcile-schema";
import { formatCount, plain } from "@/lib/format";

const SUM_COLUMNS: readonly FactsColumn<ReconcileSums>[] = [
  { label: "Sessions", right: true, cell: (row) => formatCount(row.sessions) },
  { label: "Computed", right: true, wide: true, cell: (row) => moneyWords(row.computed_nanos) },
  { label: "List", right: true, wide: true, cell: (row) => listWords(row.list_nanos) },
  { label: "Drift", right: true, cell: (row) => signedNanos(row.drift_nanos) },
  { label: "of list", right: true, wide: true, cell: (row) => signedRatio(row.drift_ratio) },
  {
    label: "Without signs",
    right: true,
    wide: true,
    cell: (row) => moneyWords(row.drift_absolute_nanos),
  },
];

const BILLED: FactsColumn<ReconcileSums> = {
  label: "Billed",
  right: true,
  wide: true,
  cell: (row) => (row.billed_nanos === null ? "–" : moneyWords(row.billed_nanos)),
};

/** What the provider billed is a column only where it is known of any session. */
const columnsOf = (totals: ReconcileSums | undefined) =>
  totals && totals.billed_sessions > 0 ? [...SUM_COLUMNS, BILLED] : SUM_COLUMNS;

const sumsOf = (totals: ReconcileSums) => [
  "All",
  ...columnsOf(totals).map((column) => column.cell(totals)),
];

/** A name that chooses the sessions listed below; the whole row is its target. */
function Choose({ name, onChoose }: { name: string; onChoose: () => void }) {
  return (
    <button
      type="button"
      className="text-left font-medium after:absolute after:inset-0"
      onClick={() => {
        onChoose();
        document.getElementById("worst")?.scrollIntoView({ block: "start" });
      }}
    >
      {plain(name)}
    </button>
  );
}

export function CausesTable({
  groups,
  totals,
}: {
  groups: readonly ReconcileGroup[];
  totals: ReconcileSums;
}) {
  const { set } = useUrlState();
  const columns: readonly FactsColumn<ReconcileGroup>[] = [
    {
      label: "Cause",
      cell: ({ cause }) => {
        const words = CAUSE_WORDS[cause ?? "unexplained"];
        return (
          <div className="min-w-40">
            <Choose name={words.label} onChoose={() => set({ cause, agent: null, show: null })} />
            <p className="max-w-prose text-sm text-ink-3">
              {words.means} {words.todo}
            </p>
          </div>
        );
      },
    },
    ...columnsOf(totals),
  ];
  return (
    <div className="px-1">
      <FactsTable
        label="Drift by cause"
        columns={columns}
        rows={groups}
        keyOf={(row) => row.cause ?? ""}
        sums={sumsOf(totals)}
      />
    </div>
  );
}

/** By agent, the largest drift first, page after page. */
export function AgentsPanel() {
  const { scope } = useScope();
  const { set } = useUrlState();
  const query = useInfiniteQuery(
    reconcileGroups(reconcileKey(scope, "agent"), () => groupParams(scope, "agent", Date.now())),
  );
  const groups = (query.data?.pages ?? []).flatMap((page) => page.data);
  const totals = query.data?.pages[0]?.totals;
  const columns: readonly FactsColumn<ReconcileGroup>[] = [
    {
      label: "Agent",
      cell: ({ agent }) =>
        agent?.id ? (
          <Choose
            name={agent.name ?? agent.id}
            onChoose={() => set({ agent: agent.id, cause: null, show: null })}
          />
        ) : (
          "Agent unknown"
        ),
    },
    ...columnsOf(totals),
  ];
  return (
    <Panel title="By agent" hint="largest drift first" flush>
      <QueryState query={query} what="The agents" height="h-40">
        {() => (
          <div className="px-1">
            <FactsTable
              label="Drift by agent"
              columns={columns}
              rows={groups}
              keyOf={(row) => row.agent?.id ?? ""}
              {...(totals ? { sums: sumsOf(totals) } : {})}
            />
          </div>
        )}
      </QueryState>
      {query.hasNextPage ? (
        <div className="px-3 py-2">
          <Button disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            Show more agents
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}
