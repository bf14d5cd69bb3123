"use client";
import type { Bulk, BulkState } from "@/components/rejected/use-bulk";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { formatCount, formatPlural } from "@/lib/format";

/** How far a bulk try or deletion is, and what came of it. */
export function BulkNotice({ bulk }: { bulk: Bulk }) {
  const { state } = bulk;
  if (state.kind === "idle") return null;
  const running = state.kind === "retrying" || state.kind === "deleting";
  const done =
    state.kind === "retrying" ? state.tried : state.kind === "deleting" ? state.deleted : 0;
  return (
    <Notice
      tone={toneOf(state)}
      live
      action={
        state.kind === "retrying" ? (
          <Button size="sm" onClick={bulk.stop}>
            Stop
          </Button>
        ) : running ? null : (
          <Button size="sm" onClick={bulk.dismiss}>
            Dismiss
          </Button>
        )
      }
    >
      <p>{wordsOf(state)}</p>
      {running ? (
        <Progress label="Progress" value={state.total > 0 ? done / state.total : null} />
      ) : null}
    </Notice>
  );
}

function toneOf(state: BulkState) {
  if (state.kind === "failed") return "fail";
  if (state.kind === "retrying" || state.kind === "deleting") return "run";
  return "refused" in state && state.refused > 0 ? "wait" : "ok";
}

function wordsOf(state: BulkState): string {
  switch (state.kind) {
    case "idle":
      return "";
    case "failed":
      return `Stopped: ${state.message} What was done until then stands.`;
    case "deleting":
      return `Deleting: ${formatCount(state.deleted)} of ${formatCount(state.total)}`;
    case "deleted":
      return `${formatPlural(state.deleted, "item")} deleted.`;
    case "retrying":
      return `Trying again: ${formatCount(state.tried)} of ${formatCount(state.total)}`;
    case "retried":
    case "stopped":
      return `${state.kind === "stopped" ? "Stopped. " : ""}${formatPlural(state.tried, "item")} tried: ${formatCount(state.taken)} taken in, ${formatCount(state.refused)} refused again.`;
  }
}
