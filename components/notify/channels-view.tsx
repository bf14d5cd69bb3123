"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { ChannelRow } from "@/components/notify/channel-row";
import { MutePanel } from "@/components/notify/mute-panel";
import { PulsePanel } from "@/components/notify/pulse-panel";
import { RoutesPanel } from "@/components/notify/routes-panel";
import { SettingsPanel } from "@/components/notify/settings-panel";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { ChannelItem } from "@/lib/notify/channel-schema";
import { channelsList } from "@/lib/notify/queries";

const ChannelForm = dynamic(
  () => import("@/components/notify/channel-form").then((module) => module.ChannelForm),
  { ssr: false },
);

const LIVE_MS = 10_000;

/** Where messages go, whether they arrive, and who is told of what. */
export function ChannelsView() {
  const { params, set } = useUrlState();
  const query = useQuery({ ...channelsList(), refetchInterval: useLiveInterval(LIVE_MS) });
  const add = (
    <Needs scope="write">
      <Button variant="primary" onClick={() => set({ channel: "new" })}>
        New channel
      </Button>
    </Needs>
  );
  const chosen = params.get("channel");
  const item = query.data?.data.find(({ id }) => id === chosen) ?? null;
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">Channels</h1>
        {query.data?.data.length === 0 ? null : add}
      </header>
      <Panel flush>
        <QueryState
          query={query}
          what="The channels"
          height="min-h-40"
          empty={{
            when: ({ data }) => data.length === 0,
            title: "Nobody is told of alerts yet.",
            children: "A channel is where messages go: e-mail, a chat, a pager, or a webhook.",
            action: add,
          }}
        >
          {({ data }) => (
            <ul>
              {data.map((channel) => (
                <ChannelRow
                  key={channel.id}
                  channel={channel}
                  onEdit={() => set({ channel: channel.id })}
                />
              ))}
            </ul>
          )}
        </QueryState>
      </Panel>
      <div className="grid grid-cols-1 items-start gap-3 xl:grid-cols-2">
        <RoutesPanel />
        <div className="flex min-w-0 flex-col gap-3">
          <MutePanel />
          <SettingsPanel />
          <Needs scope="read">
            <PulsePanel />
          </Needs>
        </div>
      </div>
      <ChannelDialog
        item={item}
        isOpen={chosen === "new" || item !== null}
        onClose={() => set({ channel: null })}
      />
    </div>
  );
}

type ChannelDialogProps = { item: ChannelItem | null; isOpen: boolean; onClose: () => void };

function ChannelDialog({ item, isOpen, onClose }: ChannelDialogProps) {
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => open || onClose()}
      title={item ? `Edit ${item.name}` : "New channel"}
    >
      {isOpen ? <ChannelForm item={item} onClose={onClose} onSaved={onClose} /> : null}
    </Dialog>
  );
}
