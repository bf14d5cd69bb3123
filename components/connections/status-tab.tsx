"use client";
import { HistoryPanel } from "@/components/connections/history-panel";
import { TestPanel } from "@/components/connections/test-panel";
import { WebhookMark } from "@/components/connections/webhook-mark";
import { lagWords } from "@/components/connections/words";
import { useNow } from "@/components/shell/display";
import { Panel } from "@/components/shell/panel";
import { Ago } from "@/components/shell/time";
import { Facts } from "@/components/ui/facts";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import type { ConnectionItem } from "@/lib/connections/schema";
import { formatCount, formatDuration, formatPlural } from "@/lib/format";

export function StatusTab({ item }: { item: ConnectionItem }) {
  return (
    <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
      <ReadsPanel item={item} />
      <div className="flex min-w-0 flex-col gap-3">
        <HistoryPanel item={item} />
        <TestPanel item={item} />
      </div>
    </div>
  );
}

/** The read budget and what waits for it. */
function ReadsPanel({ item }: { item: ConnectionItem }) {
  const { reads, waiting } = item;
  const isGoing = item.state === "live" || item.state === "backfilling";
  return (
    <Panel title="Reading" hint="reads in the last minute">
      <div className="flex flex-col gap-3">
        {reads.blocked_until && isGoing ? <Blocked until={reads.blocked_until} /> : null}
        <div className="flex flex-col gap-1">
          <p>
            <span className="text-xl font-semibold">{formatCount(reads.last_minute)}</span>{" "}
            <span className="text-ink-2">
              of {formatCount(reads.limit_per_minute)} · {formatCount(reads.remaining)} remaining
            </span>
          </p>
          <Progress value={reads.last_minute / reads.limit_per_minute} label="Read budget used" />
        </div>
        <Facts
          rows={[
            ["Waiting", waiting === 0 ? "nothing" : `${formatPlural(waiting, "session")} to read`],
            ["Lag", lagWords(item.lag_seconds)],
            ["Last synced", <Ago key="at" at={item.last_synced_at} />],
            ["Last webhook", <WebhookMark key="at" connection={item} />],
            ["Sessions", formatCount(item.sessions)],
            ["Workspace", item.workspace_id ?? "–"],
            ["Address", item.base_url],
            ["API key", `ends in ${item.api_key_hint || "…"}`],
          ]}
        />
      </div>
    </Panel>
  );
}

/** The platform has asked for fewer requests. */
function Blocked({ until }: { until: string }) {
  const leftMs = Date.parse(until) - useNow();
  return (
    <Notice tone="wait">
      The platform asked for fewer requests. Reading goes on{" "}
      {leftMs > 0 ? `in ${formatDuration(leftMs)}` : "now"}.
    </Notice>
  );
}
