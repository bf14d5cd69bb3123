"use client";
import Link from "next/link";
import { useHref, useUrlState } from "@/components/shell/scope";
import { Button, buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import type { FleetKind } from "@/lib/fleet/words";

const WORDS: Record<FleetKind, { none: string; how: string }> = {
  agents: {
    none: "No agents yet",
    how: "Agents appear here when a connection lists them, or when a session names one.",
  },
  deployments: {
    none: "No deployments yet",
    how: "Deployments come with a connection, or with `deployments` in what you send.",
  },
  environments: {
    none: "No environments yet",
    how: "Environments appear here when a connection lists them, or when a session names one.",
  },
  resources: {
    none: "No vaults or memory stores yet",
    how: "They appear here when a connection lists them, or when a session names one. What they hold is never read.",
  },
};

export function NothingHeld({ kind, q }: { kind: FleetKind; q: string }) {
  const { set } = useUrlState();
  const href = useHref();
  if (q !== "")
    return (
      <Empty
        title={`Nothing is called “${q}”`}
        action={
          <Button variant="primary" onClick={() => set({ q: null })}>
            Clear the search
          </Button>
        }
      />
    );
  return (
    <Empty
      title={WORDS[kind].none}
      action={
        <Link href={href("/import")} className={buttonClass("primary")}>
          Connect or send data
        </Link>
      }
    >
      {WORDS[kind].how}
    </Empty>
  );
}
