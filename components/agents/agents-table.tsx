"use client";
import Link from "next/link";
import {
  FIGURES,
  NOTHING,
  perCompleted,
  perSession,
  WORDS,
  written,
} from "@/components/agents/columns";
import { agentPath } from "@/components/agents/path";
import { RateCell, rateScale } from "@/components/agents/rate-cell";
import { AdviceLine } from "@/components/fleet/advice-line";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import { type Sort, SortHead } from "@/components/ui/sort-head";
import { Tag } from "@/components/ui/tag";
import type { AgentSort } from "@/lib/agents/names";
import type { AgentItem } from "@/lib/agents/schema";
import { formatCount, plain } from "@/lib/format";

const CELL = "border-b px-3 py-2 align-top whitespace-nowrap";
const FIGURE = `${CELL} text-right`;
const NARROW = "max-md:hidden";

type TableProps = {
  rows: readonly AgentItem[];
  sort: Sort<AgentSort>;
  onSort: (next: Sort<AgentSort>) => void;
};

/** What each agent came to; a row leads to the agent, and one that stands for many to their sessions. */
export function AgentsTable({ rows, sort, onSort }: TableProps) {
  const max = rateScale(rows);
  const head = (column: AgentSort, narrow: boolean) => (
    <SortHead
      key={column}
      column={column}
      {...WORDS[column]}
      sort={sort}
      onSort={onSort}
      right
      narrow={narrow}
    />
  );
  return (
    <table aria-label="Agents" className="w-full">
      <thead>
        <tr className="text-sm text-ink-3">
          <SortHead column="name" {...WORDS.name} sort={sort} onSort={onSort} />
          {head("failure_rate", false)}
          {FIGURES.map((column) => head(column, column !== "sessions"))}
          {head("last_used_at", true)}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} max={max} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, max }: { row: AgentItem; max: number }) {
  const href = useHref();
  const isMany = row.made_for_runs > 0;
  const to = isMany
    ? href("/sessions", { agent: row.agent_ids, by: "started" })
    : href(agentPath(row.id));
  return (
    <tr className="relative hover:bg-hover">
      <th scope="row" className={cx(CELL, "w-full max-w-0 min-w-32 text-left font-normal")}>
        <span className="flex min-w-0 items-center gap-1.5">
          <Link
            href={to}
            prefetch={false}
            data-row-link
            title={plain(row.name ?? row.id)}
            className="truncate after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
          >
            {plain(row.name ?? row.id)}
            {isMany ? ` and ${formatCount(row.made_for_runs - 1)} like it` : ""}
          </Link>
          {row.version && !isMany ? <Tag>v{row.version}</Tag> : null}
          {row.archived_at === null ? null : <Tag>archived</Tag>}
        </span>
        <span className="block truncate text-sm text-ink-3">{row.model && plain(row.model)}</span>
        {row.advice?.level === "act" ? (
          <span className="block whitespace-normal">
            <AdviceLine advice={row.advice} />
          </span>
        ) : null}
        <span className="block text-sm whitespace-normal text-ink-3 md:hidden">
          {row.sessions === 0
            ? "no session in the range"
            : `${perSession(row)} / session, ${perCompleted(row)} / completed, p95 ${written(row, "turn_p95")}`}
        </span>
      </th>
      <td className={FIGURE}>
        <RateCell row={row} max={max} />
      </td>
      {FIGURES.map((column) => {
        const text = written(row, column);
        return (
          <td
            key={column}
            className={cx(
              FIGURE,
              column !== "sessions" && NARROW,
              (text === NOTHING || text === "0" || text === "$0") && "text-ink-3",
            )}
          >
            {text}
          </td>
        );
      })}
      <td className={cx(FIGURE, NARROW)}>
        <Ago at={row.last_used_at} />
      </td>
    </tr>
  );
}
