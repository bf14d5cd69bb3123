"use client";
import { Time } from "@/components/shell/time";
import { usageWords } from "@/components/trace/row-steps";
import { threadColour } from "@/components/trace/thread-colours";
import { useTrace } from "@/components/trace/trace-context";
import { WholeNote } from "@/components/trace/whole-note";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { Tag } from "@/components/ui/tag";
import { formatCount, plain } from "@/lib/format";
import type { ThreadItem } from "@/lib/sessions/schema";
import { PRIMARY } from "@/lib/sessions/transcript-rows";

/** Who worked in the session; a click reads one of them alone. */
export function ThreadsPanel() {
  const { data, nameOf, set } = useTrace();
  const threads = data.page.threads ?? [];
  const columns: readonly FactsColumn<ThreadItem>[] = [
    {
      label: "Thread",
      cell: (thread) => (
        <span className="flex items-center gap-2">
          <span
            aria-hidden
            className="h-4 w-0.5 shrink-0 rounded-full"
            style={{ background: threadColour(threads, thread.id) ?? "var(--line-strong)" }}
          />
          <button
            type="button"
            onClick={() => set({ thread: thread.id ?? PRIMARY, tab: "transcript" })}
            className="text-left font-medium after:absolute after:inset-0"
          >
            {plain(nameOf(thread.id))}
          </button>
          {thread.id === null ? <Tag>primary</Tag> : null}
          {thread.has_events ? null : (
            <Tag tone="wait" title="Only what the session's own list tells of it is here">
              own events missing
            </Tag>
          )}
        </span>
      ),
    },
    {
      label: "Agent version",
      wide: true,
      cell: (thread) => (thread.agent.version === null ? "–" : `v${thread.agent.version}`),
    },
    { label: "Model", wide: true, cell: (thread) => thread.model ?? "–" },
    { label: "Status", cell: (thread) => thread.status ?? "–" },
    { label: "Requests", right: true, cell: (thread) => formatCount(thread.model_requests) },
    { label: "Tokens", wide: true, cell: (thread) => usageWords(thread.usage) || "–" },
    {
      label: "Created",
      wide: true,
      cell: (thread) => <Time at={thread.created_at} style="full" />,
    },
    {
      label: "Id",
      wide: true,
      cell: (thread) => <span className="font-mono text-sm break-all">{thread.id ?? "–"}</span>,
    },
  ];
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-3 lg:p-4">
      <WholeNote />
      <FactsTable
        label="Threads"
        columns={columns}
        rows={threads}
        keyOf={(thread) => thread.id ?? PRIMARY}
      />
    </div>
  );
}
