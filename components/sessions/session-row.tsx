"use client";
import Link from "next/link";
import { memo } from "react";
import { Cost } from "@/components/sessions/columns";
import { agentWords, titleOf } from "@/components/sessions/figures";
import { OutcomeMark } from "@/components/sessions/outcome-mark";
import type { TableLayout } from "@/components/sessions/table-layout";
import { Ago } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import { Tag } from "@/components/ui/tag";
import { formatDuration, plain } from "@/lib/format";
import type { SessionItem } from "@/lib/sessions/schema";

type RowProps = {
  session: SessionItem;
  href: string;
  active: boolean;
  /** It matches the filter no longer; it leaves when the list is renewed. */
  gone: boolean;
  onFocus: () => void;
};

// The link covers its whole row, so that a row opens, and opens in a new tab, like any link.
const LINK =
  "truncate after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2";

function TitleLink({ session, href, onFocus }: Pick<RowProps, "session" | "href" | "onFocus">) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Link
        href={href}
        prefetch={false}
        onFocus={onFocus}
        data-row-link
        className={cx(LINK, session.title === null && "font-mono text-sm")}
      >
        {plain(titleOf(session))}
      </Link>
      {session.source === "demo" ? <Tag title="Made by the demo simulator">demo</Tag> : null}
      {session.deleted_at ? (
        <Tag tone="stop">deleted</Tag>
      ) : session.archived_at ? (
        <Tag>archived</Tag>
      ) : null}
    </span>
  );
}

type TableRowProps = RowProps & { layout: TableLayout; rowIndex: number };

export const SessionRow = memo(function SessionRow(props: TableRowProps) {
  const { session, href, active, gone, onFocus, layout, rowIndex } = props;
  return (
    <tr
      aria-rowindex={rowIndex}
      data-active={active}
      className={cx(
        "relative h-9",
        active ? "bg-selected" : "hover:bg-hover",
        gone && "opacity-50",
      )}
      title={gone ? "Does not match the filter any more" : undefined}
    >
      {layout.columns.map((column) => (
        <td
          key={column.id}
          className="h-9 overflow-hidden border-b px-2 py-0 whitespace-nowrap first:pl-3 last:pr-3 lg:first:pl-4 lg:last:pr-4"
        >
          <span className={cx("flex min-w-0", column.right && "justify-end")}>
            {column.id === "title" ? (
              <TitleLink session={session} href={href} onFocus={onFocus} />
            ) : (
              column.cell(session)
            )}
          </span>
        </td>
      ))}
    </tr>
  );
});

/** The same row for a narrow window: two lines, what matters first. */
export const SessionCard = memo(function SessionCard({
  session,
  href,
  active,
  gone,
  onFocus,
}: RowProps) {
  return (
    <li
      data-active={active}
      className={cx(
        "relative flex h-16 flex-col justify-center gap-0.5 border-b px-3",
        active && "bg-selected",
        gone && "opacity-50",
      )}
    >
      <div className="flex items-center gap-2">
        <OutcomeMark outcome={session.outcome} compact />
        <TitleLink session={session} href={href} onFocus={onFocus} />
        <span className="ml-auto shrink-0">
          <Cost session={session} />
        </span>
      </div>
      <div className="flex gap-2 pl-5.5 text-sm text-ink-3">
        <span className="truncate">{agentWords(session) ?? "agent unknown"}</span>
        <span className="ml-auto shrink-0">{formatDuration(session.duration_ms)}</span>
        <Ago at={session.started_at} className="w-16 shrink-0 text-right" />
      </div>
    </li>
  );
});
