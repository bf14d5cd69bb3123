"use client";
import Link from "next/link";
import { useHref } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { CopyButton } from "@/components/ui/copy-button";
import { Facts } from "@/components/ui/facts";
import { formatBytes, plain } from "@/lib/format";
import type { RejectedEntry } from "@/lib/rejected/schema";

export function ItemFacts({ item }: { item: RejectedEntry }) {
  const tried = item.tried_at ? <Time at={item.tried_at} style="full" /> : null;
  return (
    <Facts
      rows={[
        [
          "Reason",
          <strong key="reason" className="font-medium">
            {item.message}
          </strong>,
        ],
        ["Code", item.code],
        ["Came", <Time key="came" at={item.received_at} style="full" />],
        ["Tried again", tried],
        ["Connection", item.connection_id],
        ["Session", item.session_id ? <SessionLink key="session" item={item} /> : null],
        ["Thread", item.session_thread_id],
        ["Size", formatBytes(item.body_bytes)],
      ]}
    />
  );
}

/** The session may not exist: this item may have been all that came of it. */
function SessionLink({ item }: { item: RejectedEntry }) {
  const href = useHref();
  const id = item.session_id ?? "";
  return (
    <span className="flex min-w-0 items-center">
      <Link
        href={href(`/sessions/${encodeURIComponent(id)}`, { connection: item.connection_id })}
        className="truncate font-mono text-sm text-accent underline underline-offset-2"
      >
        {plain(id)}
      </Link>
      <CopyButton text={id} label="Copy the session's id" />
    </span>
  );
}
