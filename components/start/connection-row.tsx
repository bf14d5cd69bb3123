"use client";
import Link from "next/link";
import { ConnectionWarnings } from "@/components/connections/connection-warnings";
import { PauseButton } from "@/components/connections/pause-button";
import { StateMark } from "@/components/connections/state-mark";
import { useHref } from "@/components/shell/scope";
import type { ConnectionItem } from "@/lib/connections/schema";
import { formatCount as count } from "@/lib/format";

/** One connection: how far it is, what it uses, and why it stopped if it did. */
export function ConnectionRow({ connection }: { connection: ConnectionItem }) {
  const { id, name, state, state_reason, backfill, reads, lag_seconds, warnings } = connection;
  const href = useHref();
  return (
    <li className="flex flex-col gap-1 border-b pb-3 last:border-b-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          href={href(`/settings/connections/${encodeURIComponent(id)}`)}
          className="mr-auto font-medium underline-offset-2 hover:underline"
        >
          {name}
        </Link>
        <StateMark state={state} />
        <PauseButton connection={connection} />
      </div>
      {state_reason ? <p className="text-fail">{state_reason}</p> : null}
      <p className="tabular-nums text-ink-2">
        {count(backfill.sessions)} sessions and {count(backfill.events)} events of history
        {backfill.done ? "" : " so far"} · {count(reads.last_minute)} of{" "}
        {count(reads.limit_per_minute)} reads in the last minute
        {lag_seconds ? ` · ${lag_seconds} s behind` : ""}
      </p>
      <ConnectionWarnings warnings={warnings} />
    </li>
  );
}
