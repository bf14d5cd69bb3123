"use client";
import { useQuery } from "@tanstack/react-query";
import { useLiveInterval } from "@/components/shell/live";
import { QueryState } from "@/components/shell/panel";
import { useTrace } from "@/components/trace/trace-context";
import { LIVE_MS } from "@/components/trace/use-session-data";
import { WholeNote } from "@/components/trace/whole-note";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { Mark } from "@/components/ui/mark";
import { Tag } from "@/components/ui/tag";
import { formatBytes, formatCount, formatDuration, formatPercent, plain } from "@/lib/format";
import type { ToolsAnswer } from "@/lib/sessions/detail-schema";
import { sessionTools } from "@/lib/sessions/queries";

type Tool = ToolsAnswer["data"][number];
const none = <span className="text-ink-3">0</span>;

const COLUMNS: readonly FactsColumn<Tool>[] = [
  {
    label: "Tool",
    cell: (tool) => (
      <span className="flex flex-wrap items-center gap-1.5">
        <span className="font-mono text-sm">{plain(tool.name)}</span>
        {tool.tool_kind === "mcp" ? <Tag>{tool.mcp_server ?? "MCP"}</Tag> : null}
        {tool.tool_kind === "custom" ? <Tag>your code</Tag> : null}
      </span>
    ),
  },
  { label: "Calls", right: true, cell: (tool) => formatCount(tool.calls) },
  {
    label: "Errors",
    right: true,
    cell: (tool) =>
      tool.errors === 0 ? (
        none
      ) : (
        <Mark
          shape="cross"
          tone="fail"
          word={`${formatCount(tool.errors)} (${formatPercent(tool.errors / Math.max(1, tool.calls))})`}
        />
      ),
  },
  {
    label: "Denied",
    right: true,
    wide: true,
    cell: (tool) => (tool.denials === 0 ? none : formatCount(tool.denials)),
  },
  {
    label: "No result",
    right: true,
    wide: true,
    cell: (tool) => (tool.open === 0 ? none : formatCount(tool.open)),
  },
  { label: "p50", right: true, cell: (tool) => formatDuration(tool.p50_ms) },
  { label: "p95", right: true, cell: (tool) => formatDuration(tool.p95_ms) },
  { label: "Total", right: true, wide: true, cell: (tool) => formatDuration(tool.total_ms) },
  {
    label: "Returned",
    right: true,
    wide: true,
    cell: (tool) => formatBytes(tool.result_bytes),
  },
];

/** How each tool did in this session. */
export function ToolsPanel() {
  const { session, data } = useTrace();
  const interval = useLiveInterval(LIVE_MS);
  const query = useQuery({
    ...sessionTools(session),
    refetchInterval: data.live ? interval : false,
  });
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-3 lg:p-4">
      <WholeNote />
      <QueryState
        query={query}
        what="The tools"
        height="h-40"
        empty={{ when: ({ data: tools }) => tools.length === 0, title: "No tool was called" }}
      >
        {({ data: tools }) => (
          <>
            <FactsTable
              label="Tools"
              columns={COLUMNS}
              rows={tools}
              keyOf={(tool) => `${tool.tool_kind} ${tool.mcp_server} ${tool.name}`}
            />
            <p className="mt-2 text-sm text-ink-3">
              Times from the call, or from its approval, to the result. Denied calls are no errors.
            </p>
          </>
        )}
      </QueryState>
    </div>
  );
}
