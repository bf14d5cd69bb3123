"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { BudgetRow } from "@/components/budgets/budget-row";
import type { Facets } from "@/components/sessions/filter-menu";
import { useLiveInterval } from "@/components/shell/live";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { BUDGETS, budgets, deleteBudget, saveBudget } from "@/lib/budgets/queries";
import type { BudgetItem, NewBudget } from "@/lib/budgets/schema";

const BudgetDialog = dynamic(
  () => import("@/components/budgets/budget-dialog").then((module) => module.BudgetDialog),
  { ssr: false },
);

const LIVE_MS = 15_000;

type BudgetsPanelProps = {
  facets: Facets | undefined;
  nameOf: (facet: string, value: string) => string;
};

/** What somebody wants to spend at most, and whether it lasts. */
export function BudgetsPanel({ facets, nameOf }: BudgetsPanelProps) {
  const query = useQuery({ ...budgets(), refetchInterval: useLiveInterval(LIVE_MS) });
  const [open, setOpen] = useState<BudgetItem | "new" | null>(null);
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: BUDGETS });
  const remove = useMutation({
    mutationFn: async (budget: BudgetItem) => {
      await deleteBudget(budget.id);
      return budget;
    },
    onSuccess,
  });
  const restore = useMutation({
    mutationFn: ({ name, scope, value, period, tz, amount_nanos }: BudgetItem) =>
      saveBudget(null, { name, scope, value, period, tz, amount_nanos } as NewBudget),
    onSuccess: () => {
      remove.reset();
      return onSuccess();
    },
  });
  const error = remove.error ?? restore.error;
  return (
    <Panel
      title="Budgets"
      hint="spent, expected and possible"
      actions={
        <Needs scope="write">
          <Button size="sm" onClick={() => setOpen("new")}>
            New budget
          </Button>
        </Needs>
      }
      flush
    >
      <QueryState query={query} what="Budgets" height="min-h-40">
        {({ data }) =>
          data.length === 0 ? (
            <div className="flex min-h-40 items-center justify-center">
              <Empty
                title="No budget yet."
                action={
                  <Needs scope="write">
                    <Button variant="primary" onClick={() => setOpen("new")}>
                      Set a budget
                    </Button>
                  </Needs>
                }
              >
                For everything, an agent, an environment or a metadata value: it says how much is
                left, and when it will be used up.
              </Empty>
            </div>
          ) : (
            <ul>
              {data.map((budget) => (
                <BudgetRow
                  key={budget.id}
                  budget={budget}
                  nameOf={nameOf}
                  onEdit={() => setOpen(budget)}
                  onDelete={() => remove.mutate(budget)}
                />
              ))}
            </ul>
          )
        }
      </QueryState>
      {remove.data ? (
        <p role="status" className="flex items-center gap-2 border-t px-3 py-2 text-ink-2">
          <span className="min-w-0 flex-1">{remove.data.name} is deleted.</span>
          <Button size="sm" onClick={() => restore.mutate(remove.data)}>
            Undo
          </Button>
        </p>
      ) : null}
      {error ? (
        <p role="alert" className="border-t px-3 py-2 text-fail">
          {errorWords(error)}
        </p>
      ) : null}
      {open === null ? null : (
        <BudgetDialog
          budget={open === "new" ? null : open}
          facets={facets}
          onClose={() => setOpen(null)}
        />
      )}
    </Panel>
  );
}
