"use client";
import Link from "next/link";
import { Cost } from "@/components/sessions/columns";
import { agentWords, titleOf } from "@/components/sessions/figures";
import { OutcomeMark } from "@/components/sessions/outcome-mark";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { Empty } from "@/components/ui/empty";
import type { SessionItem } from "@/lib/sessions/schema";

/** The sessions that cost most, each over its whole life. */
export function DearestSessions({ sessions }: { sessions: readonly SessionItem[] }) {
  const href = useHref();
  if (sessions.length === 0) return <Empty title="No session was active in this range." />;
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
            prefetch={false}
            className="min-w-0 truncate after:absolute after:inset-0"
          >
            {titleOf(session)}
          </Link>
          <span className="min-w-0 flex-1 truncate text-ink-3 max-sm:hidden">
            {agentWords(session)}
          </span>
          <span className="ml-auto w-20 shrink-0 text-right whitespace-nowrap text-ink-3">
            <Ago at={session.started_at} />
          </span>
          <span className="min-w-16 shrink-0 text-right">
            <Cost session={session} />
          </span>
        </li>
      ))}
    </ul>
  );
}
