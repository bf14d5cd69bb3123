"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Draft, draftOf, readDraft } from "@/components/budgets/draft";
import { PERIOD_WORDS, SCOPE_LABELS, type ScopeKind } from "@/components/budgets/words";
import { useMetadataKeys } from "@/components/metrics/use-metadata-keys";
import { type Facets, facetValues } from "@/components/sessions/filter-menu";
import { errorWords } from "@/components/shell/panel";
import { useScope } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select } from "@/components/ui/field";
import { SuggestInput } from "@/components/ui/suggest-input";
import { BUDGETS, saveBudget } from "@/lib/budgets/queries";
import type { BudgetItem, NewBudget } from "@/lib/budgets/schema";
import { PERIODS } from "@/lib/time/calendar";

type BudgetDialogProps = {
  /** Null for a new one. */
  budget: BudgetItem | null;
  facets: Facets | undefined;
  onClose: () => void;
};

export function BudgetDialog({ budget, facets, onClose }: BudgetDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={budget ? `Edit ${budget.name}` : "New budget"}
    >
      <BudgetForm budget={budget} facets={facets} onClose={onClose} />
    </Dialog>
  );
}

function BudgetForm({ budget, facets, onClose }: BudgetDialogProps) {
  const { tz: own } = useScope();
  const tz = budget?.tz ?? own;
  const [draft, setDraft] = useState(() => draftOf(budget));
  const [isTried, setTried] = useState(false);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (wanted: NewBudget) => saveBudget(budget?.id ?? null, wanted),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: BUDGETS });
      onClose();
    },
  });
  const values = valuesFor(draft, facets);
  const labelOf = (value: string) => values.find((one) => one.value === value)?.label ?? value;
  const read = readDraft(draft, tz, ({ kind, value }) =>
    kind === "all" ? SCOPE_LABELS.all : labelOf(value),
  );
  const issues = "issues" in read && isTried ? read.issues : {};
  const change = (fields: Partial<Draft>) => setDraft({ ...draft, ...fields });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if ("budget" in read) save.mutate(read.budget);
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3">
        <Field label="Amount in US dollars" error={issues.amount ?? null}>
          {(props) => (
            <Input
              {...props}
              inputMode="decimal"
              autoFocus
              value={draft.amount}
              onChange={(event) => change({ amount: event.target.value })}
            />
          )}
        </Field>
        <Field label="Every" hint={`begins in ${tz}`}>
          {(props) => (
            <Select
              {...props}
              value={draft.period}
              onChange={(event) => change({ period: event.target.value as Draft["period"] })}
            >
              {PERIODS.map((period) => (
                <option key={period} value={period}>
                  {PERIOD_WORDS[period].slice(2)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field label="For">
        {(props) => (
          <Select
            {...props}
            value={draft.kind}
            onChange={(event) =>
              change({ kind: event.target.value as ScopeKind, key: "", value: "" })
            }
          >
            {Object.entries(SCOPE_LABELS).map(([kind, label]) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Part draft={draft} values={values} facets={facets} issues={issues} change={change} />
      <Field label="Name" hint="left out: what it is for" error={issues.name ?? null}>
        {(props) => (
          <Input
            {...props}
            maxLength={80}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      {save.error ? (
        <p role="alert" className="text-fail">
          {errorWords(save.error)}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={save.isPending}>
          {budget ? "Save" : "Set budget"}
        </Button>
      </div>
    </form>
  );
}

type Value = { value: string; label?: string };

/** What there is to choose among, with what is chosen already. */
function valuesFor({ kind, key, value }: Draft, facets: Facets | undefined): readonly Value[] {
  if (kind === "all") return [];
  const found = facetValues(facets, kind === "metadata" ? `metadata.${key}` : kind);
  return value === "" || found.some((one) => one.value === value) ? found : [{ value }, ...found];
}

type PartProps = {
  draft: Draft;
  values: readonly Value[];
  facets: Facets | undefined;
  issues: Partial<Record<keyof Draft, string>>;
  change: (fields: Partial<Draft>) => void;
};

/** Which agent, environment or other part of the fleet. */
function Part({ draft, values, facets, issues, change }: PartProps) {
  const keys = useMetadataKeys(facets);
  if (draft.kind === "all") return null;
  const isMetadata = draft.kind === "metadata";
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-3">
      {isMetadata ? (
        <Field label="Key" error={issues.key ?? null}>
          {(props) => (
            <SuggestInput
              {...props}
              known={[...keys.promoted, ...keys.others].map((value) => ({ value }))}
              value={draft.key}
              onChange={(event) => change({ key: event.target.value, value: "" })}
            />
          )}
        </Field>
      ) : null}
      <Field label="Which" error={issues.value ?? null}>
        {(props) =>
          isMetadata || values.length === 0 ? (
            <SuggestInput
              {...props}
              known={values}
              value={draft.value}
              onChange={(event) => change({ value: event.target.value })}
            />
          ) : (
            <Select
              {...props}
              value={draft.value}
              onChange={(event) => change({ value: event.target.value })}
            >
              <option value="">Choose…</option>
              {values.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label ?? value}
                </option>
              ))}
            </Select>
          )
        }
      </Field>
    </div>
  );
}
