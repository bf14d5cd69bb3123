"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ConnectionWarnings } from "@/components/connections/connection-warnings";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { changeConnection } from "@/lib/connections/queries";
import type { ConnectionItem } from "@/lib/connections/schema";
import { formatCount as count } from "@/lib/format";

const STATES = {
  backfilling: { shape: "dot", tone: "run", word: "Reading history…", pulse: true },
  live: { shape: "check", tone: "ok", word: "Live" },
  paused: { shape: "pause", tone: "quiet", word: "Paused" },
  failed: { shape: "cross", tone: "fail", word: "Stopped" },
} as const;

/** One connection: how far it is, what it uses, and why it stopped if it did. */
export function ConnectionRow({ connection }: { connection: ConnectionItem }) {
  const { id, name, state, state_reason, backfill, reads, lag_seconds, warnings } = connection;
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      changeConnection(id, { state: state === "paused" || state === "failed" ? "live" : "paused" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["connections"] }),
  });
  const isGoing = state === "live" || state === "backfilling";
  return (
    <li className="flex flex-col gap-1 border-b pb-3 last:border-b-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <strong className="font-medium">{name}</strong>
        <Mark {...STATES[state]} />
        <Button className="ml-auto" disabled={change.isPending} onClick={() => change.mutate()}>
          {isGoing ? "Pause" : "Go on"}
        </Button>
      </div>
      {state_reason ? <p className="text-fail">{state_reason}</p> : null}
      {change.error ? (
        <p role="alert" className="text-fail">
          {errorWords(change.error)}
        </p>
      ) : null}
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
