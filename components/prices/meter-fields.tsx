"use client";
import { newMeter } from "@/components/prices/draft";
import { EntryList } from "@/components/prices/entry-list";
import type { Section } from "@/components/prices/terms-form";
import { FromField, TextField } from "@/components/prices/text-field";

type MeterFieldsProps = Section<"session_hours" | "web_searches"> & {
  title: string;
  /** Of the price: "Dollars an hour". */
  unit: string;
};

export function MeterFields({ entries, change, issueOf, title, unit }: MeterFieldsProps) {
  return (
    <EntryList
      title={title}
      hint="without a price of your own the list's holds"
      add={`Add a price of ${title.toLowerCase()}`}
      {...{ entries, change }}
      nameOf={() => `the price of ${title.toLowerCase()}`}
      made={newMeter}
    >
      {(entry, at, set) => (
        <>
          <TextField
            label={unit}
            inputMode="decimal"
            value={entry.nanos}
            onChange={(nanos) => set({ nanos })}
            error={issueOf(at, "nanos")}
            className="w-40"
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
