"use client";
import { type DiscountDraft, newDiscount, ON, type On } from "@/components/prices/draft";
import { EntryList } from "@/components/prices/entry-list";
import type { Section } from "@/components/prices/terms-form";
import { FromField, TextField } from "@/components/prices/text-field";
import { ON_WORDS } from "@/components/prices/words";
import { Field, Select } from "@/components/ui/field";

const nameOf = ({ on, model }: DiscountDraft) =>
  `the discount on ${on === "model" && model ? model : ON_WORDS[on]}`;

export function DiscountFields({ entries, change, issueOf }: Section<"discounts">) {
  return (
    <EntryList
      title="Discounts"
      hint="taken off list and own prices; of several, the one on a model, else the one on a meter"
      add="Add a discount"
      {...{ entries, change, nameOf }}
      made={newDiscount}
    >
      {(entry, at, set) => (
        <>
          <Field label="On" className="w-40">
            {(props) => (
              <Select
                {...props}
                value={entry.on}
                onChange={(event) => set({ on: event.target.value as On })}
              >
                {ON.map((on) => (
                  <option key={on} value={on}>
                    {ON_WORDS[on]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {entry.on === "model" ? (
            <TextField
              label="Model"
              value={entry.model}
              onChange={(model) => set({ model })}
              error={issueOf(at, "model")}
              className="w-60"
            />
          ) : null}
          <TextField
            label="Percent off"
            inputMode="decimal"
            value={entry.off}
            onChange={(off) => set({ off })}
            error={issueOf(at, "off")}
            className="w-28"
          />
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
