"use client";
import Link from "next/link";
import { useHref } from "@/components/shell/scope";

/** To a session of a connection; `event` is selected there. */
export function SessionLink({
  sessionId,
  connectionId,
  event,
}: {
  sessionId: string;
  connectionId: string;
  event?: string;
}) {
  const href = useHref();
  return (
    <Link
      href={href(`/sessions/${encodeURIComponent(sessionId)}`, {
        connection: connectionId,
        ...(event === undefined ? {} : { event }),
      })}
      className="font-mono text-sm break-all underline decoration-line-strong underline-offset-2 hover:decoration-current"
    >
      {sessionId}
    </Link>
  );
}
