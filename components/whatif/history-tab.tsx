"use client";
import { useQuery } from "@tanstack/react-query";
import type { Asked } from "@/components/metrics/asked";
import { useNowAsking } from "@/components/metrics/use-answers";
import { Panel, QueryState } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { MetersTable } from "@/components/whatif/meters-table";
import { ModelsTable } from "@/components/whatif/models-table";
import { perMonth, TERM_PARAMS, termsOf, whatIfKey, whatIfParams } from "@/components/whatif/terms";
import { TermsForm } from "@/components/whatif/terms-form";
import { formatNanos } from "@/lib/format";
import { whatIf } from "@/lib/whatif/queries";
import type { WhatIf } from "@/lib/whatif/schema";

type HistoryProps = {
  asked: Asked;
  priced: readonly string[];
  set: (changes: Record<string, string | string[] | null>) => void;
};

/** The range's own sessions, priced again under other terms. */
export function HistoryTab({ asked, priced, set }: HistoryProps) {
  const now = useNowAsking(asked);
  const query = useQuery(whatIf(whatIfKey(asked), () => now(whatIfParams)));
  const used = (query.data?.models ?? []).map(({ model }) => model).filter(Boolean);
  const isAny = TERM_PARAMS.some((name) => asked.params.has(name));
  return (
    <div className="grid grid-cols-1 items-start gap-3 pt-3 lg:grid-cols-[25rem_minmax(0,1fr)]">
      <Panel
        title="Terms"
        actions={
          isAny ? (
            <Button
              size="sm"
              variant="ghost"
              onClick={() => set(Object.fromEntries(TERM_PARAMS.map((name) => [name, null])))}
            >
              As it was
            </Button>
          ) : null
        }
      >
        <TermsForm terms={termsOf(asked.params)} used={used} priced={priced} set={set} />
      </Panel>
      <QueryState query={query} what="The answer" height="min-h-96">
        {(answer) =>
          answer.before.total_nanos === 0 && answer.models.length === 0 ? (
            <Panel>
              <Empty title="Nothing was spent in this range.">
                Choose a range in which sessions ran: their tokens are priced again.
              </Empty>
            </Panel>
          ) : (
            <Answer answer={answer} />
          )
        }
      </QueryState>
    </div>
  );
}

function Answer({ answer }: { answer: WhatIf }) {
  const { before, after, models, days, assumptions } = answer;
  const difference = after.total_nanos - before.total_nanos;
  const month = formatNanos(Math.abs(perMonth(difference, days)));
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Panel title="What it would have cost" hint="the whole range" flush>
        <p className="px-3 pb-3" aria-live="polite">
          {difference === 0 ? (
            "As it was: change the terms to see what they do."
          ) : (
            <>
              <strong className="font-medium">{formatNanos(after.total_nanos)}</strong> instead of{" "}
              {formatNanos(before.total_nanos)}: {formatNanos(Math.abs(difference))}{" "}
              {difference < 0 ? "less" : "more"}, or {month} a month of 30 days.
            </>
          )}
        </p>
        <MetersTable
          label="Cost by meter, as it was and under other terms"
          columns={[
            { name: "Did cost", meters: before },
            { name: "Would have", meters: after },
          ]}
          compare
        />
      </Panel>
      <Panel title="By model" hint="tokens alone" flush>
        <ModelsTable models={models} />
      </Panel>
      <Assumptions assumptions={assumptions} />
    </div>
  );
}

/** What an answer takes for granted. */
export function Assumptions({ assumptions }: { assumptions: readonly string[] }) {
  if (assumptions.length === 0) return null;
  return (
    <Panel title="Taken for granted">
      <ul className="list-disc pl-5 text-ink-2">
        {assumptions.map((assumption) => (
          <li key={assumption}>{assumption}</li>
        ))}
      </ul>
    </Panel>
  );
}
