"use client";
import Link from "next/link";
import { OutcomeMark } from "@/components/sessions/outcome-mark";
import { MoreButton, type MorePages } from "@/components/shell/more-button";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import type { GroupSession } from "@/lib/failures/schema";
import { formatCount, plain } from "@/lib/format";

type SessionsProps = {
  sessions: readonly GroupSession[];
  pages: MorePages;
};

/** Sessions a group of errors was in, the last first; each opens at the last of these errors. */
export function GroupSessions({ sessions, pages }: SessionsProps) {
  const href = useHref();
  return (
    <section aria-label="Sessions with this error">
      <h3 className="px-2 text-sm text-ink-3">Sessions, the last first</h3>
      <ul className="flex flex-col">
        {sessions.map(({ session, count, last_at, event_id }) => (
          <li
            key={`${session.id} ${session.connection_id}`}
            className="relative flex min-h-9 items-center gap-2 border-b px-2 hover:bg-hover"
          >
            <OutcomeMark outcome={session.outcome} compact />
            <Link
              href={href(`/sessions/${encodeURIComponent(session.id)}`, {
                connection: session.connection_id,
                event: event_id,
              })}
              prefetch={false}
              className="min-w-0 flex-1 truncate after:absolute after:inset-0"
            >
              {plain(session.title ?? session.id)}
            </Link>
            {count > 1 ? (
              <span className="shrink-0 text-ink-2" title="of these errors">
                {formatCount(count)} ×
              </span>
            ) : null}
            <span className="w-18 shrink-0 text-right whitespace-nowrap text-ink-3">
              <Ago at={last_at} />
            </span>
          </li>
        ))}
      </ul>
      <MoreButton pages={pages} />
    </section>
  );
}
