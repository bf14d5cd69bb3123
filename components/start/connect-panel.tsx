"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConnectForm } from "@/components/connections/connect-form";
import { Panel } from "@/components/shell/panel";
import { ConnectionRow } from "@/components/start/connection-row";
import { Button } from "@/components/ui/button";
import { connectionsList } from "@/lib/connections/queries";

const POLL_MS = 2_000;

/** A workspace of the platform, read by itself from now on: what is connected, and one more. */
export function ConnectPanel() {
  const { data } = useQuery({ ...connectionsList(), refetchInterval: POLL_MS });
  const connections = data?.data ?? [];
  const [adding, setAdding] = useState(false);
  const showsForm = adding || data?.data.length === 0;
  return (
    <Panel title="Connect an Anthropic workspace" hint="reads only, within its own budget">
      <div className="flex flex-col gap-4">
        {connections.length > 0 ? (
          <ul aria-label="Connections" className="flex flex-col gap-3">
            {connections.map((connection) => (
              <ConnectionRow key={connection.id} connection={connection} />
            ))}
          </ul>
        ) : null}
        {showsForm ? (
          <ConnectForm onBegin={() => setAdding(true)} onDone={() => setAdding(false)} />
        ) : null}
        {connections.length > 0 && !adding ? (
          <Button className="self-start" onClick={() => setAdding(true)}>
            Connect another
          </Button>
        ) : null}
      </div>
    </Panel>
  );
}
