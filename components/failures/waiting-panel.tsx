"use client";
import { type ApprovalRow, approvalsOf } from "@/components/failures/boards";
import { Panel } from "@/components/shell/panel";
import { Empty } from "@/components/ui/empty";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { formatCount, formatDuration, plain } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";

const MOST_SHOWN = 12;
const COLUMNS: readonly FactsColumn<ApprovalRow>[] = [
  {
    label: "Tool",
    cell: ({ name }) => <span className="font-mono text-sm wrap-anywhere">{plain(name)}</span>,
  },
  { label: "Answered", right: true, wide: true, cell: ({ answered }) => formatCount(answered) },
  { label: "p50", right: true, wide: true, cell: ({ p50Ms }) => formatDuration(p50Ms) },
  { label: "p95", right: true, cell: ({ p95Ms }) => formatDuration(p95Ms) },
  { label: "Waited in all", right: true, cell: ({ totalMs }) => formatDuration(totalMs) },
];

/** What asking a person for permission costs in time. */
export function WaitingPanel({ answers }: { answers: Answers }) {
  const rows = approvalsOf(answers);
  const shown = rows.slice(0, MOST_SHOWN);
  const answered = rows.reduce((sum, row) => sum + row.answered, 0);
  const totalMs = rows.reduce((sum, row) => sum + row.totalMs, 0);
  const some = rows.length > shown.length ? `; ${shown.length} of ${rows.length} tools` : "";
  return (
    <Panel
      title="Waiting for permission"
      hint={rows.length > 0 ? `answered in the range, the longest in all first${some}` : undefined}
      flush
    >
      {rows.length === 0 ? (
        <div className="flex min-h-24 items-center justify-center">
          <Empty title="No call waited for anybody's permission in this range." />
        </div>
      ) : (
        <div className="px-1 pb-1">
          <FactsTable
            label="Waiting for permission by tool"
            columns={COLUMNS}
            rows={shown}
            keyOf={({ name }) => name}
            sums={["All tools", formatCount(answered), "", "", formatDuration(totalMs)]}
          />
        </div>
      )}
    </Panel>
  );
}
