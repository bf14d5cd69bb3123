"use client";
import Link from "next/link";
import { agentWords, titleOf } from "@/components/sessions/figures";
import { OutcomeMark } from "@/components/sessions/outcome-mark";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { Empty } from "@/components/ui/empty";
import { Tag } from "@/components/ui/tag";
import { formatDuration, formatNanos } from "@/lib/format";
import type { SessionItem } from "@/lib/sessions/schema";

/** What runs at this moment, the liveliest first. */
export function RunningNow({ sessions }: { sessions: readonly SessionItem[] }) {
  const href = useHref();
  if (sessions.length === 0) return <Empty title="Nothing runs at this moment." />;
  return (
    <ul className="flex flex-col border-t">
      {sessions.map((session) => (
        <li
          key={`${session.id} ${session.connection_id}`}
          className="relative flex h-9 items-center gap-3 border-b px-3 last:border-b-0 hover:bg-hover"
        >
          <OutcomeMark outcome={session.outcome} compact />
          <Link
            href={href(`/sessions/${encodeURIComponent(session.id)}`, {
              connection: session.connection_id,
            })}
            className="min-w-0 truncate after:absolute after:inset-0"
          >
            {titleOf(session)}
          </Link>
          {session.source === "demo" ? <Tag>demo</Tag> : null}
          <span className="min-w-0 flex-1 truncate text-ink-3 max-sm:hidden">
            {agentWords(session)}
          </span>
          <span className="ml-auto shrink-0 text-ink-2 max-sm:hidden" title="active time">
            {formatDuration(session.active_ms)}
          </span>
          <span className="w-16 shrink-0 text-right">
            {formatNanos(session.cost.computed_nanos)}
          </span>
          <span
            className="w-20 shrink-0 text-right whitespace-nowrap text-ink-3"
            title="newest event"
          >
            <Ago at={session.last_event_at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
