"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { refusalWords } from "@/components/connections/words";
import { useLiveInterval } from "@/components/shell/live";
import { MoreButton } from "@/components/shell/more-button";
import { Panel, QueryState } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { KEPT_FAILURES } from "@/lib/connections/kept";
import { webhookFailures } from "@/lib/connections/queries";
import type { FailureItem } from "@/lib/connections/webhook-schema";

const LIVE_MS = 5_000;

const from = ({ remote }: FailureItem) => <span className="break-all">{remote ?? "not said"}</span>;

const COLUMNS: FactsColumn<FailureItem>[] = [
  {
    label: "Received",
    cell: (one) => <Time at={one.received_at} style="daySecond" className="md:whitespace-nowrap" />,
  },
  {
    label: "Why it was refused",
    cell: (one) => (
      <>
        {refusalWords(one.reason)}
        <p className="text-ink-3 md:hidden">from {from(one)}</p>
      </>
    ),
  },
  { label: "From", wide: true, cell: from },
];

/** Deliveries that were not what they claimed, or that a missing secret turned away. */
export function RefusalsPanel({ id }: { id: string }) {
  const query = useInfiniteQuery({
    ...webhookFailures(id),
    refetchInterval: useLiveInterval(LIVE_MS),
  });
  return (
    <Panel title="Refused" hint={`the newest ${KEPT_FAILURES}`} flush>
      <QueryState
        query={query}
        what="What was refused"
        height="min-h-16"
        empty={{
          when: ({ pages }) => pages[0]?.data.length === 0,
          title: "Nothing was refused",
        }}
      >
        {({ pages }) => (
          <div className="px-1">
            <FactsTable
              label="Refused deliveries"
              rows={pages.flatMap(({ data }) => data)}
              keyOf={(one) => one.id}
              columns={COLUMNS}
            />
          </div>
        )}
      </QueryState>
      <MoreButton pages={query} />
    </Panel>
  );
}
