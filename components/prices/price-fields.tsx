"use client";
import { newPrice, PICO_COLUMNS, type PriceDraft } from "@/components/prices/draft";
import { EntryList } from "@/components/prices/entry-list";
import type { Section } from "@/components/prices/terms-form";
import { FromField, TextField } from "@/components/prices/text-field";
import { COLUMN_LABELS } from "@/components/prices/words";
import { Field, Select } from "@/components/ui/field";

const nameOf = ({ model }: PriceDraft) => (model ? `the price of ${model}` : "the new price");

type PriceFieldsProps = Section<"prices"> & {
  /** The model whose price was asked for: typing begins at its first column. */
  added: string | null;
};

export function PriceFields({ entries, change, issueOf, added }: PriceFieldsProps) {
  return (
    <EntryList
      title="Prices of models"
      hint="dollars for a million tokens; in place of the list's from their date on"
      add="Add a price"
      {...{ entries, change, nameOf }}
      made={newPrice}
    >
      {(entry, at, set) => (
        <>
          <Which {...{ entry, set }} issueOf={(name) => issueOf(at, name)} />
          <div className="flex w-full flex-wrap items-start gap-3">
            {PICO_COLUMNS.map((name) => (
              <TextField
                key={name}
                label={COLUMN_LABELS[name]}
                inputMode="decimal"
                autoFocus={entry.key === "added" && added !== null && name === "input_pico"}
                value={entry[name]}
                onChange={(text) => set({ [name]: text })}
                error={issueOf(at, name)}
                className="w-28"
              />
            ))}
            <TextField
              label="US-only factor"
              inputMode="decimal"
              value={entry.us_permille}
              onChange={(us_permille) => set({ us_permille })}
              error={issueOf(at, "us_permille")}
              className="w-28"
            />
          </div>
        </>
      )}
    </EntryList>
  );
}

type WhichProps = {
  entry: PriceDraft;
  set: (fields: Partial<PriceDraft>) => void;
  issueOf: (name: string) => string | null;
};

/** Which requests the price is of. */
function Which({ entry, set, issueOf }: WhichProps) {
  return (
    <div className="flex w-full flex-wrap items-start gap-3">
      <TextField
        label="Model"
        spellCheck={false}
        value={entry.model}
        onChange={(model) => set({ model })}
        error={issueOf("model")}
        className="w-60 max-w-full"
      />
      <Field label="Speed" className="w-28">
        {(props) => (
          <Select
            {...props}
            value={entry.speed}
            onChange={(event) => set({ speed: event.target.value })}
          >
            <option value="standard">standard</option>
            <option value="fast">fast</option>
          </Select>
        )}
      </Field>
      <TextField
        label="Prompts above"
        placeholder="all"
        inputMode="numeric"
        value={entry.prompt_above}
        onChange={(prompt_above) => set({ prompt_above })}
        error={issueOf("prompt_above")}
        className="w-28"
      />
      <FromField
        value={entry.effective_from}
        onChange={(effective_from) => set({ effective_from })}
        error={issueOf("effective_from")}
      />
    </div>
  );
}
