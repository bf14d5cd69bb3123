"use client";
import { ChevronDown, ChevronRight } from "lucide-react";
import { RejectedDetail } from "@/components/rejected/rejected-detail";
import { Time } from "@/components/shell/time";
import { Tag } from "@/components/ui/tag";
import { formatBytes, plain } from "@/lib/format";
import type { RejectedEntry } from "@/lib/rejected/schema";

type RowProps = {
  entry: RejectedEntry;
  open: boolean;
  onToggle: () => void;
  onGone: (id: string) => void;
};

/** One item in a line, on narrow screens in a few; opened, it shows what it is and what can be done. */
export function RejectedRow({ entry, open, onToggle, onGone }: RowProps) {
  const Chevron = open ? ChevronDown : ChevronRight;
  const panel = `rejected-${entry.id}`;
  return (
    <li className="border-b last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        onClick={onToggle}
        className="grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-2 gap-y-0.5 rounded-lg px-2 py-1.5 text-left -outline-offset-2 hover:bg-hover md:grid-cols-[1rem_8rem_11rem_minmax(0,1fr)_minmax(0,16rem)_4.5rem]"
      >
        <Chevron size={14} aria-hidden className="text-ink-3" />
        <Time at={entry.received_at} className="text-ink-2" />
        <span className="flex min-w-0 items-center gap-1 max-md:justify-end">
          <Tag>{entry.kind}</Tag>
          <Tag>{entry.source}</Tag>
          {entry.changed ? <Tag tone="wait">changed</Tag> : null}
          {entry.complete ? null : <Tag tone="fail">cut</Tag>}
        </span>
        <span className="truncate max-md:col-span-2 max-md:col-start-2 max-md:line-clamp-2 max-md:whitespace-normal max-md:wrap-anywhere">
          {plain(entry.message)}
        </span>
        <span className="truncate font-mono text-sm text-ink-2 max-md:col-start-2">
          {entry.session_id ? (
            plain(entry.session_id)
          ) : (
            <span className="font-sans text-ink-3">no session</span>
          )}
        </span>
        <span className="text-right text-ink-2">{formatBytes(entry.body_bytes)}</span>
      </button>
      {open ? (
        <section id={panel} aria-label="The item" className="border-t bg-bg px-3 py-3 md:pl-8">
          <RejectedDetail entry={entry} onGone={onGone} />
        </section>
      ) : null}
    </li>
  );
}
