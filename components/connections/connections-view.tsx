"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { ConnectForm } from "@/components/connections/connect-form";
import { ConnectionsTable } from "@/components/connections/connections-table";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useUrlState } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { connectionsList } from "@/lib/connections/queries";

const LIVE_MS = 5_000;

/** The workspaces that are read, how far each is, and the way to one more. */
export function ConnectionsView() {
  const { params, set } = useUrlState();
  const query = useQuery({ ...connectionsList(), refetchInterval: useLiveInterval(LIVE_MS) });
  const adding = params.get("new") === "yes";
  const add = (
    <Button variant="primary" onClick={() => set({ new: "yes" })}>
      New connection
    </Button>
  );
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">
          Connections{" "}
          <span className="text-base font-normal text-ink-3 max-sm:hidden">
            Anthropic workspaces that are read
          </span>
        </h1>
        {adding || query.data?.data.length === 0 ? null : add}
      </header>
      {adding ? <NewConnection onClose={() => set({ new: null })} /> : null}
      <Panel flush>
        <QueryState
          query={query}
          what="The connections"
          height="min-h-40"
          empty={{
            when: ({ data }) => data.length === 0,
            title: "No workspace is connected",
            children:
              "With an API key of a Claude Managed Agents workspace its sessions come by themselves: history first, then what happens. Watchkeeper only reads.",
            action: adding ? null : add,
          }}
        >
          {({ data }) => <ConnectionsTable connections={data} />}
        </QueryState>
      </Panel>
    </div>
  );
}

function NewConnection({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const href = useHref();
  return (
    <Panel
      title="New connection"
      hint="the key is tried before it is stored"
      actions={
        <Button size="sm" onClick={onClose}>
          Cancel
        </Button>
      }
      className="max-w-xl"
    >
      <ConnectForm
        onDone={({ id }) => router.push(href(`/settings/connections/${encodeURIComponent(id)}`))}
      />
    </Panel>
  );
}
