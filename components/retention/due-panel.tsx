"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KIND_WORDS } from "@/components/retention/words";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { CELL, FIGURE, Head } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import { formatBytes, formatCount, formatPlural } from "@/lib/format";
import { retentionDue, runRetention } from "@/lib/retention/queries";
import type { RetentionAnswer, RetentionDue } from "@/lib/retention/schema";

/** When it runs next, and what it would take if that were now. */
export function DuePanel({ answer }: { answer: RetentionAnswer }) {
  const query = useQuery(retentionDue(answer.revision));
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: runRetention,
    onSettled: () => client.invalidateQueries({ queryKey: ["retention"] }),
  });
  const isAtWork = answer.runs.some(({ state }) => state === "working");
  const isNothing = query.data?.kinds.every(({ sessions }) => sessions === 0) ?? true;
  return (
    <Panel
      title="What is due"
      hint={
        <>
          next run <Time at={answer.next_run_at} />
        </>
      }
      actions={
        <Button
          size="sm"
          disabled={isAtWork || isNothing || run.isPending}
          onClick={() => run.mutate()}
        >
          Run now
        </Button>
      }
      flush
    >
      {run.error ? (
        <p role="alert" className="px-3 pb-2 text-fail">
          {errorWords(run.error)}
        </p>
      ) : null}
      <QueryState query={query} what="What is due" height="min-h-40">
        {(due) => <DueTable due={due} />}
      </QueryState>
    </Panel>
  );
}

function DueTable({ due }: { due: RetentionDue }) {
  return (
    <>
      <table aria-label="What is due" className="w-full border-t">
        <thead>
          <tr>
            <Head>Kind</Head>
            <Head right>Sessions</Head>
            <Head right>Their events</Head>
            <Head wide>Oldest</Head>
          </tr>
        </thead>
        <tbody>
          {due.kinds.map(({ kind, sessions, events, oldest_at }) => (
            <tr key={kind} className="group/row">
              <th scope="row" className={cx(CELL, "text-left font-normal")}>
                {KIND_WORDS[kind].label}
              </th>
              <td className={FIGURE}>{formatCount(sessions)}</td>
              <td className={FIGURE}>{formatCount(events)}</td>
              <td className={cx(CELL, "max-md:hidden")}>
                <Time at={oldest_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="border-t px-3 py-2 text-sm text-ink-3">
        {due.bytes > 0 ? `About ${formatBytes(due.bytes)} of events would go. ` : null}
        {due.held > 0
          ? `${formatPlural(due.held, "session")} that would be due ${due.held === 1 ? "is" : "are"} held. `
          : null}
        Totals stay as they are.
      </p>
    </>
  );
}
