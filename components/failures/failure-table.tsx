"use client";
import Link from "next/link";
import { IntervalBar } from "@/components/charts/interval-bar";
import { Sparkline } from "@/components/charts/sparkline";
import { type By, byLabel } from "@/components/failures/questions";
import {
  COLUMNS,
  type Column,
  columnsOf,
  type FailureRow,
  sortRows,
} from "@/components/failures/rows";
import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { type Sort, SortHead } from "@/components/ui/sort-head";
import { formatCount, formatPercent, plain } from "@/lib/format";
import type { RatePoint } from "@/lib/series";

const WORDS: Record<Exclude<Column, "name">, { label: string; title: string }> = {
  rate: { label: "Failure rate", title: "failed of completed and failed, with its 95 % interval" },
  failed: { label: "Failed", title: "sessions that settled as a failure" },
  settled: { label: "Of sessions", title: "sessions that completed or failed" },
  turns: { label: "Turns failed", title: "of the completed and failed turns" },
  tools: { label: "Calls failed", title: "of all tool calls; denied ones are no failure" },
  requests: { label: "Requests failed", title: "of all model requests" },
  errors: { label: "Errors", title: "in sessions, those that were tried again included" },
  finalErrors: { label: "Not tried again", title: "errors the platform gave up after" },
};

/** An outcome's share is not a rate of failure. */
const wordsOf = (by: By, column: Exclude<Column, "name">) => {
  if (by === "outcome" && column === "rate")
    return { label: "Share", title: "of all sessions that settled, with its 95 % interval" };
  if (by === "outcome" && column === "failed")
    return { label: "Sessions", title: "that settled with it" };
  return WORDS[column];
};

/** The order the URL asks for; most sessions first without one. */
export function tableSortOf(params: URLSearchParams, by: By): Sort<Column> {
  const asked = COLUMNS.find((name) => name === params.get("sort"));
  const column = asked && columnsOf(by).includes(asked) ? asked : defaultOf(by);
  return { column, order: params.get("order") === "asc" ? "asc" : "desc" };
}

const defaultOf = (by: By): Column => (by === "outcome" ? "failed" : "settled");

const CELL = "h-9 border-b px-3 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;
const NARROW = "max-md:hidden";

type TableProps = {
  by: By;
  rows: readonly FailureRow[];
  sort: Sort<Column>;
  onSort: (next: Sort<Column>) => void;
  hrefOf: (row: FailureRow) => string | null;
};

/** What failed in each group, and of how much. */
export function FailureTable({ by, rows, sort, onSort, hrefOf }: TableProps) {
  const [, ...columns] = columnsOf(by) as [Column, ...Exclude<Column, "name">[]];
  const max = rows.reduce((top, { rate }) => Math.max(top, rate.rate ?? 0), 0.1) * 1.25;
  return (
    <div {...SCROLLABLE} className="max-h-128 overflow-auto border-t">
      <table className="w-full">
        <caption className="sr-only">Failures by {byLabel(by).toLowerCase()}</caption>
        <thead className="sticky top-0 z-10 bg-surface">
          <tr className="text-sm text-ink-3">
            <SortHead column="name" label={byLabel(by)} sort={sort} onSort={onSort} />
            <th scope="col" className={cx(CELL, NARROW, "h-8 text-left font-normal")}>
              Course
            </th>
            {columns.map((column) => (
              <SortHead
                key={column}
                column={column}
                {...wordsOf(by, column)}
                sort={sort}
                onSort={onSort}
                right
                narrow={!FIRST.includes(column)}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {sortRows(rows, sort.column, sort.order).map((row) => (
            <Row key={row.key} by={by} row={row} columns={columns} max={max} href={hrefOf(row)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a narrow window has room for; the others stand under the name there. */
const FIRST: readonly Column[] = ["rate", "failed", "settled"];

const part = (point: RatePoint | null) =>
  point === null || point.below === 0
    ? "–"
    : `${formatPercent(point.rate)} of ${formatCount(point.below)}`;

function written(row: FailureRow, column: Exclude<Column, "name">): string {
  switch (column) {
    case "rate":
      return formatPercent(row.rate.rate);
    case "failed":
      return formatCount(row.rate.above);
    case "settled":
      return formatCount(row.rate.below);
    case "errors":
    case "finalErrors": {
      const count = row[column];
      return count === null ? "–" : formatCount(count);
    }
    default:
      return part(row[column]);
  }
}

type RowProps = {
  by: By;
  row: FailureRow;
  columns: readonly Exclude<Column, "name">[];
  max: number;
  href: string | null;
};

function Row({ by, row, columns, max, href }: RowProps) {
  const told = columns
    .filter((column) => !FIRST.includes(column) && !["–", "0"].includes(written(row, column)))
    .map((column) => `${wordsOf(by, column).label} ${written(row, column)}`)
    .join(" · ");
  const { low, high } = row.rate;
  const interval =
    low === null ? undefined : `95 % interval ${formatPercent(low)} – ${formatPercent(high)}`;
  return (
    <tr className={cx("relative", href && "hover:bg-hover")}>
      <th
        scope="row"
        className={cx(CELL, "w-full max-w-0 min-w-28 text-left font-normal max-md:py-1.5")}
      >
        <span className="flex items-center gap-2">
          <span
            aria-hidden
            className="size-2 shrink-0 rounded-sm"
            style={{ background: row.color }}
          />
          <span
            className={cx("truncate", row.kind !== "group" && "text-ink-2")}
            title={plain(row.name)}
          >
            {href ? (
              <Link href={href} className="after:absolute after:inset-0">
                {plain(row.name)}
              </Link>
            ) : (
              plain(row.name)
            )}
          </span>
        </span>
        <span className="block pl-4 text-sm whitespace-normal text-ink-3 md:hidden">{told}</span>
      </th>
      <td className={cx(CELL, NARROW)}>
        {row.course ? (
          <span className="block w-28">
            <Sparkline
              values={row.course}
              label={`${wordsOf(by, "rate").label} of ${row.name} over the range`}
              className="h-6"
            />
          </span>
        ) : null}
      </td>
      {columns.map((column) => (
        <td
          key={column}
          title={column === "rate" ? interval : undefined}
          className={cx(
            FIGURE,
            !FIRST.includes(column) && NARROW,
            ["–", "0", "0 %"].includes(written(row, column)) && "text-ink-3",
          )}
        >
          {column === "rate" ? (
            <span className="inline-flex items-center gap-2">
              <span className={NARROW}>
                <IntervalBar point={row.rate} max={max} />
              </span>
              {written(row, column)}
            </span>
          ) : (
            written(row, column)
          )}
        </td>
      ))}
    </tr>
  );
}
