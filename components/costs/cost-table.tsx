"use client";
import Link from "next/link";
import { type By, byLabel } from "@/components/costs/questions";
import {
  type CostRow,
  columnsOf,
  type Figure,
  numberOf,
  sortRows,
  sumOf,
} from "@/components/costs/rows";
import type { Ratio } from "@/components/metrics/answers";
import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { type Sort, SortHead } from "@/components/ui/sort-head";
import { Tag } from "@/components/ui/tag";
import {
  formatCompact,
  formatCount,
  formatHours,
  formatNanos,
  formatPercent,
  plain,
} from "@/lib/format";

type Column = { label: string; title: string; format: (value: number) => string };

const COLUMNS: Record<Exclude<Figure, "unpricedTokens">, Column> = {
  costNanos: { label: "Cost", title: "US dollars, computed", format: formatNanos },
  tokens: { label: "Tokens", title: "of all buckets", format: formatCompact },
  sessionHours: {
    label: "Session-hours",
    title: "hours that sessions ran",
    format: (hours) => formatHours(hours * 3_600_000),
  },
  webSearches: { label: "Searches", title: "web searches", format: formatCount },
  sessionsStarted: { label: "Started", title: "sessions started", format: formatCount },
  perCompleted: {
    label: "Per completed",
    title: "US dollars of the sessions that settled, for each that completed",
    format: (nanos) => formatNanos(Math.round(nanos)),
  },
  cacheHit: {
    label: "Cache hit",
    title: "share of prompt tokens read from the cache",
    format: formatPercent,
  },
};

export type TableSort = Sort<Figure | "name">;

/** The order the URL asks for; dearest first without one. */
export function tableSortOf(params: URLSearchParams, by: By): TableSort {
  const text = params.get("sort");
  const columns = columnsOf(by);
  const column =
    text === "name" ? text : (columns.find((name) => name === text) ?? columns[0] ?? "costNanos");
  return { column, order: params.get("order") === "asc" ? "asc" : "desc" };
}

const CELL = "h-9 border-b px-3 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;
const NARROW = "max-md:hidden";

type TableProps = {
  by: By;
  rows: readonly CostRow[];
  sort: TableSort;
  onSort: (next: TableSort) => void;
  hrefOf: (row: CostRow) => string | null;
};

/** What each group cost. Its sums are the figures of the page. */
export function CostTable({ by, rows, sort, onSort, hrefOf }: TableProps) {
  const columns = columnsOf(by);
  const [first = "costNanos", ...more] = columns;
  const sum = sumOf(rows);
  const whole = numberOf(sum[first]) ?? 0;
  const label = byLabel(by);
  return (
    <div {...SCROLLABLE} className="max-h-128 overflow-auto border-t">
      <table className="w-full">
        <caption className="sr-only">Cost by {label.toLowerCase()}</caption>
        <thead className="sticky top-0 z-10 bg-surface">
          <tr className="text-sm text-ink-3">
            <SortHead column="name" label={label} sort={sort} onSort={onSort} />
            <SortHead
              column={first}
              label={labelOf(first)}
              title={columnOf(first).title}
              sort={sort}
              onSort={onSort}
              right
            />
            <th scope="col" className={cx(FIGURE, "h-8 font-normal")}>
              Share
            </th>
            {more.map((column) => (
              <SortHead
                key={column}
                column={column}
                label={labelOf(column)}
                title={columnOf(column).title}
                sort={sort}
                onSort={onSort}
                right
                narrow
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {sortRows(rows, sort.column, sort.order).map((row) => (
            <Row key={row.key} row={row} columns={columns} whole={whole} href={hrefOf(row)} />
          ))}
        </tbody>
        <tfoot className="sticky bottom-0 bg-surface font-medium">
          <tr>
            <th scope="row" className={cx(CELL, "border-t border-b-0 text-left font-medium")}>
              Sum
            </th>
            <td className={cx(FIGURE, "border-t border-b-0")}>{written(first, sum[first])}</td>
            <td className={cx(FIGURE, "border-t border-b-0")}>{formatPercent(whole ? 1 : null)}</td>
            {more.map((column) => (
              <td key={column} className={cx(FIGURE, NARROW, "border-t border-b-0")}>
                {written(column, sum[column])}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

const columnOf = (figure: Figure): Column =>
  COLUMNS[figure === "unpricedTokens" ? "tokens" : figure];
const labelOf = (figure: Figure) => columnOf(figure).label;

function written(figure: Figure, value: number | Ratio | null): string {
  const number = numberOf(value);
  return number === null ? "–" : columnOf(figure).format(number);
}

type RowProps = {
  row: CostRow;
  columns: readonly Figure[];
  whole: number;
  href: string | null;
};

function Row({ row, columns, whole, href }: RowProps) {
  const [first = "costNanos", ...more] = columns;
  const value = numberOf(row[first]);
  const share = whole === 0 || value === null ? null : value / whole;
  // A narrow window has no room for these columns: they stand under the name.
  const told = more
    .filter((column) => numberOf(row[column]))
    .map((column) => `${labelOf(column)} ${written(column, row[column])}`)
    .join(" · ");
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
          {row.unpricedTokens ? (
            <Tag tone="wait" title={`${formatCount(row.unpricedTokens)} tokens have no price`}>
              unpriced
            </Tag>
          ) : null}
        </span>
        <span className="block pl-4 text-sm whitespace-normal text-ink-3 md:hidden">{told}</span>
      </th>
      <td className={FIGURE}>{written(first, row[first])}</td>
      <td className={cx(FIGURE, "text-ink-2")}>{formatPercent(share)}</td>
      {more.map((column) => (
        <td key={column} className={cx(FIGURE, NARROW, !numberOf(row[column]) && "text-ink-3")}>
          {written(column, row[column])}
        </td>
      ))}
    </tr>
  );
}
