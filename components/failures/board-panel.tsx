"use client";
import Link from "next/link";
import { IntervalBar } from "@/components/charts/interval-bar";
import type { BoardRow } from "@/components/failures/boards";
import { Panel } from "@/components/shell/panel";
import { Empty } from "@/components/ui/empty";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { formatCount, formatDuration, formatPercent, formatPlural, plain } from "@/lib/format";

const MOST_SHOWN = 12;

type BoardPanelProps = {
  title: string;
  /** One of what the rows are. */
  noun: string;
  rows: readonly BoardRow[];
  /** The sessions behind a row; null where no filter finds them. */
  hrefOf: (row: BoardRow) => string | null;
  empty: string;
};

/** Calls, errors, denials and times of tools or servers, most failures first. */
export function BoardPanel({ title, noun, rows, hrefOf, empty }: BoardPanelProps) {
  const max = rows.reduce((top, { failed }) => Math.max(top, failed.rate ?? 0), 0.1) * 1.25;
  const columns: FactsColumn<BoardRow>[] = [
    {
      label: noun,
      cell: (row) => {
        const href = hrefOf(row);
        return href ? (
          <Link
            href={href}
            className="font-mono text-sm wrap-anywhere after:absolute after:inset-0"
          >
            {plain(row.name)}
          </Link>
        ) : (
          <span className="font-mono text-sm wrap-anywhere">{plain(row.name)}</span>
        );
      },
    },
    { label: "Calls", right: true, cell: ({ failed }) => formatCount(failed.below) },
    { label: "Failed", right: true, cell: ({ failed }) => formatCount(failed.above) },
    {
      label: "Rate",
      right: true,
      cell: ({ failed }) => (
        <span
          className="inline-flex items-center gap-2"
          title={`95 % interval ${formatPercent(failed.low)} – ${formatPercent(failed.high)}`}
        >
          <span className="max-xl:hidden">
            <IntervalBar point={failed} max={max} />
          </span>
          {formatPercent(failed.rate)}
        </span>
      ),
    },
    { label: "Denied", right: true, wide: true, cell: ({ denied }) => formatCount(denied) },
    { label: "p50", right: true, wide: true, cell: ({ p50Ms }) => formatDuration(p50Ms) },
    { label: "p95", right: true, wide: true, cell: ({ p95Ms }) => formatDuration(p95Ms) },
    {
      label: "Sessions hit",
      right: true,
      wide: true,
      cell: ({ sessions }) => (sessions === null ? "–" : formatCount(sessions)),
    },
  ];
  const shown = rows.slice(0, MOST_SHOWN);
  const hint =
    rows.length > shown.length
      ? `${shown.length} of ${rows.length}, most failed calls first`
      : `${formatPlural(rows.length, noun.toLowerCase(), `${noun.toLowerCase()}s`)}, most failed calls first`;
  return (
    <Panel title={title} hint={rows.length > 0 ? hint : undefined} flush>
      {rows.length === 0 ? (
        <div className="flex min-h-24 items-center justify-center">
          <Empty title={empty} />
        </div>
      ) : (
        <div className="px-1 pb-1">
          <FactsTable label={title} columns={columns} rows={shown} keyOf={({ name }) => name} />
        </div>
      )}
    </Panel>
  );
}
