"use client";
import Link from "next/link";
import { type ContextRow, contextRows } from "@/components/costs/context";
import { filterChanges } from "@/components/metrics/asked";
import { Panel } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Empty } from "@/components/ui/empty";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { formatCompact, formatNanos, formatPercent, formatPlural, plain } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";

const MOST_SHOWN = 12;

/** Which tools fill the prompts, and what carrying their results costs. */
export function ContextPanel({ answers, params }: { answers: Answers; params: URLSearchParams }) {
  const href = useHref();
  const rows = contextRows(answers.context);
  const tools = rows.filter(({ tool }) => tool !== null);
  const shown = [
    ...tools.slice(0, MOST_SHOWN),
    ...together(tools.slice(MOST_SHOWN)),
    ...rows.filter(({ tool }) => tool === null),
  ];
  const columns: FactsColumn<ContextRow>[] = [
    {
      label: "Tool",
      cell: ({ tool, name }) =>
        tool === null ? (
          <span className="text-ink-2">{name}</span>
        ) : (
          <Link
            href={href("/sessions", { ...filterChanges(params), tool, sort: "cost" })}
            className="font-mono text-sm wrap-anywhere after:absolute after:inset-0"
          >
            {plain(name)}
          </Link>
        ),
    },
    { label: "Put in", right: true, wide: true, cell: ({ put }) => formatCompact(put) },
    { label: "Carried", right: true, cell: ({ carried }) => formatCompact(carried) },
    {
      label: "Times",
      right: true,
      wide: true,
      cell: ({ put, carried }) => (put === 0 ? "–" : `${(carried / put).toFixed(1)} ×`),
    },
    { label: "Cost", right: true, cell: ({ nanos }) => formatNanos(nanos) },
    { label: "Share", right: true, cell: ({ share }) => formatPercent(share) },
  ];
  return (
    <Panel title="Tools by context cost" hint="whole range, by the hour; an estimate" flush>
      {rows.length === 0 ? (
        <div className="flex min-h-60 items-center justify-center">
          <Empty title="No prompt is known in this range." />
        </div>
      ) : (
        <>
          <div className="px-1 pb-1">
            <FactsTable
              label="Tools by context cost"
              columns={columns}
              rows={shown}
              keyOf={({ key }) => key}
            />
          </div>
          <p className="border-t px-3 py-2 text-sm text-ink-3">
            An attribution: by how much a request’s prompt is longer than the one before with its
            answer is what came in between, shared by bytes among the results of tools and what
            people or agents said. Each later request of the thread carries it until the context is
            compacted, and pays for it as its prompt was paid for: old parts read from the cache
            first, then written, then plain. The rows are all that prompts cost; what was there from
            the beginning, and the agent’s own words, are conversation and system.
          </p>
        </>
      )}
    </Panel>
  );
}

function together(rows: readonly ContextRow[]): ContextRow[] {
  if (rows.length === 0) return [];
  const sum = (figure: "put" | "carried" | "nanos") =>
    rows.reduce((total, row) => total + row[figure], 0);
  const share = rows.reduce((total, row) => total + (row.share ?? 0), 0);
  return [
    {
      ...{ key: "rest", tool: null, name: formatPlural(rows.length, "other tool") },
      ...{ put: sum("put"), carried: sum("carried"), nanos: sum("nanos"), share },
    },
  ];
}
