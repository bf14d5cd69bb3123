"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { DeliveriesTable } from "@/components/notify/deliveries-table";
import { DELIVERY_FILTERS, deliveryParams } from "@/components/notify/delivery-filter";
import { DeliveryPanel } from "@/components/notify/delivery-panel";
import { DELIVERY_LOOKS, REASON_WORDS } from "@/components/notify/words";
import { useLiveInterval } from "@/components/shell/live";
import { MoreButton } from "@/components/shell/more-button";
import { Panel, QueryState } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { Tag } from "@/components/ui/tag";
import { channelsList, deliveriesList } from "@/lib/notify/queries";

const LIVE_MS = 5_000;

/** Every message to every channel, and what became of it. */
export function DeliveriesView() {
  const { params, set } = useUrlState();
  const filter = deliveryParams(params);
  const query = useInfiniteQuery({
    ...deliveriesList(filter),
    refetchInterval: useLiveInterval(LIVE_MS),
  });
  const chosen = params.get("delivery");
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">Deliveries</h1>
        <Filters params={params} set={set} />
      </header>
      <div
        className={
          chosen
            ? "grid grid-cols-1 items-start gap-3 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]"
            : ""
        }
      >
        <Panel flush>
          <QueryState
            query={query}
            what="The deliveries"
            height="min-h-60"
            empty={{
              when: ({ pages }) => pages.every(({ data }) => data.length === 0),
              title: filter === "" ? "Nothing was sent yet." : "No message is like that.",
              children:
                filter === ""
                  ? "What goes to a channel stands here, with every attempt and what the receiver said."
                  : undefined,
            }}
          >
            {({ pages }) => (
              <>
                <DeliveriesTable
                  deliveries={pages.flatMap(({ data }) => data)}
                  chosen={chosen}
                  onChoose={(delivery) => set({ delivery })}
                />
                <MoreButton pages={query} />
              </>
            )}
          </QueryState>
        </Panel>
        {chosen ? (
          <div className="max-lg:order-first">
            <DeliveryPanel key={chosen} id={chosen} onClose={() => set({ delivery: null })} />
          </div>
        ) : null}
      </div>
    </div>
  );
}

type FiltersProps = {
  params: URLSearchParams;
  set: (changes: Record<string, string | null>) => void;
};

function Filters({ params, set }: FiltersProps) {
  const channels = useQuery(channelsList()).data?.data ?? [];
  const choices = {
    channel: ["Every channel", channels.map(({ id, name }) => [id, name] as const)],
    state: [
      "Every state",
      Object.entries(DELIVERY_LOOKS).map(([state, { word }]) => [state, word] as const),
    ],
    reason: ["Every reason", Object.entries(REASON_WORDS)],
  } as const;
  const episode = params.get("episode");
  const clear = Object.fromEntries(DELIVERY_FILTERS.map((name) => [name, null]));
  return (
    <search className="flex flex-wrap items-center gap-2">
      {(["channel", "state", "reason"] as const).map((name) => {
        const [every, options] = choices[name];
        return (
          <Select
            key={name}
            quiet
            className="max-w-64"
            aria-label={name.charAt(0).toUpperCase() + name.slice(1)}
            value={params.get(name) ?? ""}
            onChange={(event) => set({ [name]: event.target.value || null, delivery: null })}
          >
            <option value="">{every}</option>
            {options.map(([id, word]) => (
              <option key={id} value={id}>
                {word}
              </option>
            ))}
          </Select>
        );
      })}
      {episode ? <Tag>of one episode</Tag> : null}
      {deliveryParams(params) === "" ? null : (
        <Button variant="ghost" onClick={() => set(clear)}>
          Clear filters
        </Button>
      )}
    </search>
  );
}
