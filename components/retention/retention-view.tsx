"use client";
import { useQuery } from "@tanstack/react-query";
import { DuePanel } from "@/components/retention/due-panel";
import { ErasuresPanel } from "@/components/retention/erasures-panel";
import { HoldsPanel } from "@/components/retention/holds-panel";
import { PolicyForm } from "@/components/retention/policy-form";
import { RunsTable } from "@/components/retention/runs-table";
import { QueryState } from "@/components/shell/panel";
import { retentionSettings } from "@/lib/retention/queries";
import type { RetentionAnswer } from "@/lib/retention/schema";

const WORKING_MS = 1_000;

const isAtWork = (answer: RetentionAnswer | undefined) =>
  answer?.runs.some(({ state }) => state === "working");

/** How long what is stored stays, what has to stay longer, and what is to go at once. */
export function RetentionView() {
  const query = useQuery({
    ...retentionSettings(),
    refetchInterval: ({ state: { data } }) => (isAtWork(data) ? WORKING_MS : false),
  });
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">
          Retention{" "}
          <span className="text-base font-normal text-ink-3 max-sm:hidden">
            how long what is stored stays
          </span>
        </h1>
      </header>
      <p className="max-w-3xl text-ink-2">
        Content goes first, then events, then spans, then the session. Totals never change by it:
        costs, tokens and counts stay as they were, and <code>npm run verify</code> proves it. Once
        its events are gone a session takes nothing in any more, so keep them for longer than
        sessions rest before somebody goes on with them.
      </p>
      <QueryState query={query} what="Retention" height="min-h-96">
        {(answer) => (
          <div className="flex flex-col gap-3">
            <PolicyForm answer={answer} />
            <div className="grid grid-cols-1 items-start gap-3 xl:grid-cols-2">
              <DuePanel answer={answer} />
              <RunsTable runs={answer.runs} />
            </div>
            <HoldsPanel connections={answer.connections} />
          </div>
        )}
      </QueryState>
      <ErasuresPanel />
    </div>
  );
}
