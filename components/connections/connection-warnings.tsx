"use client";
import Link from "next/link";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { Notice } from "@/components/ui/notice";
import type { ConnectionItem } from "@/lib/connections/schema";
import { formatCount } from "@/lib/format";

type Warning = ConnectionItem["warnings"][number];

/** What a connection's server leaves out or its key may not read, each with how often and when it was last seen. */
export function ConnectionWarnings({ warnings }: { warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null;
  return (
    <Notice tone="wait">
      <ul aria-label="What is missing" className="flex flex-col gap-1.5">
        {warnings.map((warning) => (
          <li key={warning.code}>
            {warning.message} <Seen warning={warning} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Seen({ warning }: { warning: Warning }) {
  const href = useHref();
  const { count, last_seen_at, example } = warning;
  return (
    <span className="text-sm text-ink-3">
      Seen {count === 1 ? "once" : `${formatCount(count)} times`}, last <Ago at={last_seen_at} />
      {example === null ? null : (
        <>
          , as in{" "}
          <Link
            href={href(`/sessions/${encodeURIComponent(example)}`)}
            className="underline decoration-line-strong underline-offset-2 hover:text-ink"
          >
            {example}
          </Link>
        </>
      )}
      .
    </span>
  );
}
