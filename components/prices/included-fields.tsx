"use client";
import { type IncludedDraft, newIncluded } from "@/components/prices/draft";
import { EntryList } from "@/components/prices/entry-list";
import type { Section } from "@/components/prices/terms-form";
import { FromField, TextField } from "@/components/prices/text-field";
import { INCLUDED_WORDS } from "@/components/prices/words";
import { Field, Select } from "@/components/ui/field";
import { INCLUDED_OF } from "@/lib/costs/terms";

const nameOf = ({ of }: IncludedDraft) => `the included ${INCLUDED_WORDS[of]}`;

export function IncludedFields({ entries, change, issueOf }: Section<"included">) {
  return (
    <EntryList
      title="Included each month"
      hint="taken off the month's total on the Costs page, and off no session"
      add="Add an included amount"
      {...{ entries, change, nameOf }}
      made={newIncluded}
    >
      {(entry, at, set) => (
        <>
          <TextField
            label="Amount"
            inputMode="decimal"
            value={entry.amount}
            onChange={(amount) => set({ amount })}
            error={issueOf(at, "amount")}
            className="w-32"
          />
          <Field label="Of" className="w-40">
            {(props) => (
              <Select
                {...props}
                value={entry.of}
                onChange={(event) => set({ of: event.target.value as IncludedDraft["of"] })}
              >
                {INCLUDED_OF.map((of) => (
                  <option key={of} value={of}>
                    {INCLUDED_WORDS[of]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <FromField
            value={entry.effective_from}
            onChange={(effective_from) => set({ effective_from })}
            error={issueOf(at, "effective_from")}
          />
        </>
      )}
    </EntryList>
  );
}
