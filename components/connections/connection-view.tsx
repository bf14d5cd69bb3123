"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { PauseButton } from "@/components/connections/pause-button";
import { StateMark } from "@/components/connections/state-mark";
import { StatusTab } from "@/components/connections/status-tab";
import { WebhooksTab } from "@/components/connections/webhooks-tab";
import { useLiveInterval } from "@/components/shell/live";
import { QueryState } from "@/components/shell/panel";
import { useHref, useUrlState } from "@/components/shell/scope";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { Tabs } from "@/components/ui/tabs";
import { connectionDetail } from "@/lib/connections/queries";
import type { ConnectionItem } from "@/lib/connections/schema";
import { plain } from "@/lib/format";

const SettingsTab = dynamic(
  () => import("@/components/connections/settings-tab").then((module) => module.SettingsTab),
  { ssr: false, loading: () => <Skeleton className="h-96 max-w-xl rounded-lg" /> },
);

const LIVE_MS = 3_000;
const TABS = [
  { id: "status", label: "Status" },
  { id: "webhooks", label: "Webhooks" },
  { id: "settings", label: "Settings" },
] as const;

/** One connection: whether it works, how far it is, its webhooks, and everything that can be set. */
export function ConnectionView({ id, publicUrl }: { id: string; publicUrl: string | null }) {
  const query = useQuery({ ...connectionDetail(id), refetchInterval: useLiveInterval(LIVE_MS) });
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <QueryState query={query} what="The connection" height="min-h-[60vh]">
        {(item) => (
          <div className="flex flex-col gap-3">
            <Head item={item} />
            <Body item={item} publicUrl={publicUrl} />
          </div>
        )}
      </QueryState>
    </div>
  );
}

function Head({ item }: { item: ConnectionItem }) {
  const href = useHref();
  return (
    <header className="flex flex-col gap-2">
      <Link
        href={href("/settings/connections")}
        className="self-start text-sm text-ink-3 underline-offset-2 hover:text-ink hover:underline"
      >
        Connections
      </Link>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-lg font-semibold wrap-anywhere">{plain(item.name)}</h1>
        <span className="mr-auto">
          <StateMark state={item.state} />
        </span>
        <PauseButton connection={item} />
      </div>
      <Why item={item} />
    </header>
  );
}

/** Why it does not read, and what is to be done. */
function Why({ item }: { item: ConnectionItem }) {
  const { set } = useUrlState();
  const settings = (
    <button
      type="button"
      className="underline underline-offset-2"
      onClick={() => set({ tab: "settings" })}
    >
      its settings
    </button>
  );
  if (item.state === "failed")
    return (
      <Notice tone="fail">
        <p className="font-medium">{item.state_reason ?? "Reading stopped."}</p>
        <p className="text-ink-2">
          Nothing is read meanwhile; what happens there is caught up later. Once the cause is
          settled, choose “Go on”; a key is replaced in {settings}.
        </p>
      </Notice>
    );
  if (item.state === "paused")
    return (
      <Notice tone="quiet">
        Somebody paused it. Webhooks are still taken; the sessions are read once it goes on.
      </Notice>
    );
  return null;
}

function Body({ item, publicUrl }: { item: ConnectionItem; publicUrl: string | null }) {
  const { params, set } = useUrlState();
  const tab = TABS.find(({ id }) => id === params.get("tab"))?.id ?? "status";
  return (
    <Tabs
      label="Parts of the connection"
      items={TABS}
      value={tab}
      onChange={(next) => set({ tab: next === "status" ? null : next })}
      className="[&>[role=tabpanel]]:pt-3"
    >
      {tab === "status" ? <StatusTab item={item} /> : null}
      {tab === "webhooks" ? <WebhooksTab item={item} publicUrl={publicUrl} /> : null}
      {tab === "settings" ? <SettingsTab item={item} /> : null}
    </Tabs>
  );
}
