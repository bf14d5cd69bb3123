"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { SessionLink } from "@/components/connections/session-link";
import { RESULTS } from "@/components/connections/words";
import { useLiveInterval } from "@/components/shell/live";
import { MoreButton } from "@/components/shell/more-button";
import { Panel, QueryState } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { Mark } from "@/components/ui/mark";
import { KEPT_WEBHOOK_DAYS } from "@/lib/connections/kept";
import { webhookDeliveries } from "@/lib/connections/queries";
import type { ConnectionItem } from "@/lib/connections/schema";
import type { DeliveryItem } from "@/lib/connections/webhook-schema";
import { formatPlural } from "@/lib/format";

const LIVE_MS = 5_000;

/** The last deliveries: what each was about, and what became of it. */
export function DeliveriesPanel({ item }: { item: ConnectionItem }) {
  const query = useInfiniteQuery({
    ...webhookDeliveries(item.id),
    refetchInterval: useLiveInterval(LIVE_MS),
  });
  const columns: FactsColumn<DeliveryItem>[] = [
    {
      label: "Received",
      cell: (one) => (
        <Time at={one.received_at} style="daySecond" className="md:whitespace-nowrap" />
      ),
    },
    { label: "Type", wide: true, cell: (one) => <Type delivery={one} /> },
    { label: "Of", wide: true, cell: (one) => <Resource delivery={one} connectionId={item.id} /> },
    { label: "What became of it", cell: (one) => <Result delivery={one} connectionId={item.id} /> },
  ];
  return (
    <Panel title="Last deliveries" hint={`kept for ${KEPT_WEBHOOK_DAYS} days`} flush>
      <QueryState
        query={query}
        what="The deliveries"
        height="min-h-24"
        empty={{
          when: ({ pages }) => pages[0]?.data.length === 0,
          title: "No webhook has come yet",
          children: "Once the Console has this address, deliveries appear here as they come.",
        }}
      >
        {({ pages }) => (
          <div className="px-1">
            <FactsTable
              label="Last deliveries"
              rows={pages.flatMap(({ data }) => data)}
              keyOf={({ webhook_id }) => webhook_id}
              columns={columns}
            />
          </div>
        )}
      </QueryState>
      <MoreButton pages={query} />
    </Panel>
  );
}

function Type({ delivery }: { delivery: DeliveryItem }) {
  return (
    <span className="break-all">
      {delivery.type}
      {delivery.repeats > 0 ? (
        <span className="text-ink-3"> · came {formatPlural(delivery.repeats + 1, "time")}</span>
      ) : null}
    </span>
  );
}

function Resource({ delivery, connectionId }: { delivery: DeliveryItem; connectionId: string }) {
  const { session_id, resource_id } = delivery;
  if (session_id !== null)
    return <SessionLink sessionId={session_id} connectionId={connectionId} />;
  return <code className="font-mono text-sm break-all text-ink-2">{resource_id}</code>;
}

function Result({ delivery, connectionId }: { delivery: DeliveryItem; connectionId: string }) {
  return (
    <>
      <Mark {...RESULTS[delivery.result]} />
      {delivery.error && delivery.result === "failed" ? (
        <p className="text-sm wrap-anywhere text-ink-2">{delivery.error}</p>
      ) : null}
      <div className="flex flex-col md:hidden">
        <Type delivery={delivery} />
        <Resource delivery={delivery} connectionId={connectionId} />
      </div>
    </>
  );
}
