"use client";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "@/components/ui/button";

type EntryListProps<Entry extends { key: string }> = {
  title: string;
  hint: string;
  entries: readonly Entry[];
  change: (entries: Entry[]) => void;
  made: (key: string) => Entry;
  /** On the button: "Add a discount". */
  add: string;
  nameOf: (entry: Entry) => string;
  children: (entry: Entry, at: number, set: (fields: Partial<Entry>) => void) => ReactNode;
};

/** Entries of one kind, each with its fields, and the way to one more or one less. */
export function EntryList<Entry extends { key: string }>(props: EntryListProps<Entry>) {
  const { title, hint, entries, change, made, add, nameOf, children } = props;
  const freshKey = () => `new-${Math.max(0, ...entries.map(({ key }) => numberOf(key))) + 1}`;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1">
        <span className="font-semibold">{title}</span>{" "}
        <span className="text-sm text-ink-3">{hint}</span>
      </legend>
      {entries.map((entry, at) => (
        <fieldset
          key={entry.key}
          className="relative flex min-w-0 flex-wrap items-start gap-3 rounded-md border p-3 pr-11"
        >
          <legend className="sr-only">{nameOf(entry)}</legend>
          {children(entry, at, (fields) =>
            change(entries.map((one) => (one === entry ? { ...one, ...fields } : one))),
          )}
          <IconButton
            label={`Remove ${nameOf(entry)}`}
            className="absolute top-2 right-2"
            onClick={() => change(entries.filter((one) => one !== entry))}
          >
            <X size={16} aria-hidden />
          </IconButton>
        </fieldset>
      ))}
      <div>
        <Button size="sm" onClick={() => change([...entries, made(freshKey())])}>
          {add}
        </Button>
      </div>
    </fieldset>
  );
}

const numberOf = (key: string) => Number(/^new-(\d+)$/.exec(key)?.[1] ?? 0);
