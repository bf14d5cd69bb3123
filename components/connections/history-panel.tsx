"use client";
import type { ReactNode } from "react";
import { depthWords } from "@/components/connections/words";
import { Panel } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { Facts } from "@/components/ui/facts";
import { Mark } from "@/components/ui/mark";
import { Progress } from "@/components/ui/progress";
import type { ConnectionItem } from "@/lib/connections/schema";
import { formatCount, formatDuration, formatPercent } from "@/lib/format";

/** How much of what happened before is in, and how long the rest takes. */
export function HistoryPanel({ item }: { item: ConnectionItem }) {
  const { backfill, backfill_days } = item;
  const { sessions_per_minute, events_per_minute } = backfill;
  const rate =
    sessions_per_minute === null || events_per_minute === null
      ? "–"
      : `${formatCount(sessions_per_minute)} sessions and ${formatCount(events_per_minute)} events / min`;
  return (
    <Panel title="History" hint={depthWords(backfill_days)}>
      <div className="flex flex-col gap-3">
        <Course item={item} />
        <Facts
          rows={[
            ["Sessions", formatCount(backfill.sessions)],
            ["Events", formatCount(backfill.events)],
            ["Rate", rate],
            ["Reached", <Time key="at" at={backfill.reached} />],
            ["Begun", <Time key="at" at={backfill.started_at} />],
            ["Complete", backfill.done ? <Time key="at" at={backfill.done_at} /> : null],
          ]}
        />
      </div>
    </Panel>
  );
}

function Course({ item }: { item: ConnectionItem }): ReactNode {
  const { backfill, state } = item;
  if (backfill.done) return <Mark shape="check" tone="ok" word="Complete" />;
  const isReading = state === "backfilling";
  const share = backfill.share === null ? null : formatPercent(backfill.share);
  const left =
    backfill.seconds_left === null
      ? "Time left: unknown"
      : `About ${formatDuration(Math.max(1, backfill.seconds_left) * 1000)} left`;
  return (
    <div className="flex flex-col gap-1">
      <p>
        <span className="text-xl font-semibold">{share ?? formatCount(backfill.sessions)}</span>{" "}
        <span className="text-ink-2">{share ? "of the time to be read" : "sessions so far"}</span>
        <span className="text-ink-2"> · {isReading ? left : "not being read now"}</span>
      </p>
      {isReading || backfill.share !== null ? (
        <Progress value={backfill.share} label="History read" />
      ) : null}
    </div>
  );
}
