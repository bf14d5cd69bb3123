"use client";
import { ChevronDown, ChevronRight } from "lucide-react";
import Link from "next/link";
import type { AuditFilterName } from "@/components/audit/audit-filter";
import { ChangesTable } from "@/components/audit/changes-table";
import { ACTOR_WORDS, actionWords, pageOf } from "@/components/audit/words";
import { useHref } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { Facts } from "@/components/ui/facts";
import type { AuditItem } from "@/lib/audit/schema";
import { plain } from "@/lib/format";

type RowProps = {
  entry: AuditItem;
  open: boolean;
  onToggle: () => void;
  onFilter: (name: AuditFilterName, value: string) => void;
};

/** Who did what and when, in a line; opened, what it was before and after, and from where it came. */
export function AuditRow({ entry, open, onToggle, onFilter }: RowProps) {
  const Chevron = open ? ChevronDown : ChevronRight;
  const panel = `entry-${entry.id}`;
  const { actor, target } = entry;
  return (
    <li className="border-b last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        onClick={onToggle}
        className="grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-2 gap-y-0.5 rounded-lg px-2 py-1.5 text-left -outline-offset-2 hover:bg-hover md:grid-cols-[1rem_9.5rem_minmax(0,12rem)_minmax(0,1fr)_minmax(0,10rem)]"
      >
        <Chevron size={14} aria-hidden className="text-ink-3" />
        <Time
          at={entry.at}
          style="daySecond"
          className="text-ink-2 tabular-nums max-md:col-start-3 max-md:row-start-1 max-md:text-sm"
        />
        <span className="truncate text-ink-2 max-md:col-start-2 max-md:row-start-2">
          {plain(actor.label)}
        </span>
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2 max-md:col-start-2 max-md:row-start-1">
          <span className="font-medium">{actionWords(entry.action)}</span>
          <span className="min-w-0 truncate text-ink-2">
            {plain(target.label ?? target.id ?? "")}
          </span>
          {entry.reason ? (
            <span className="min-w-0 truncate text-sm text-ink-3 max-md:w-full">
              {plain(entry.reason)}
            </span>
          ) : null}
        </span>
        <span className="truncate text-right text-ink-3 max-md:col-start-3 max-md:row-start-2 max-md:text-sm">
          {entry.ip ?? ""}
        </span>
      </button>
      {open ? (
        <section
          id={panel}
          aria-label="The entry"
          className="flex flex-col gap-3 border-t bg-bg px-3 py-3 md:pl-8"
        >
          <ChangesTable before={entry.before} after={entry.after} />
          <Details entry={entry} onFilter={onFilter} />
        </section>
      ) : null}
    </li>
  );
}

function Details({ entry, onFilter }: Pick<RowProps, "entry" | "onFilter">) {
  const href = useHref();
  const { actor, target } = entry;
  const page = pageOf(entry.action, target.id);
  const mono = (text: string | null) =>
    text === null ? null : <span className="font-mono text-sm break-all">{text}</span>;
  return (
    <>
      <Facts
        rows={[
          ["Reason", entry.reason],
          ["Who", `${actor.label} (${ACTOR_WORDS[actor.kind]})`],
          ["Address", mono(entry.ip)],
          ["Browser", entry.user_agent],
          ["Action", mono(entry.action)],
          ["About", mono(target.id)],
          ["Request", mono(entry.request_id)],
        ]}
      />
      <div className="flex flex-wrap gap-2">
        {page ? (
          <Link
            href={href(page)}
            className="self-center px-1 underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            Open it
          </Link>
        ) : null}
        <Button size="sm" onClick={() => onFilter("actor", actor.id ?? actor.kind)}>
          All by {actor.label}
        </Button>
        {target.id === null ? null : (
          <Button size="sm" onClick={() => onFilter("target", target.id ?? "")}>
            All about this
          </Button>
        )}
      </div>
    </>
  );
}
