"use client";
import { useState } from "react";
import { outcomeLook } from "@/components/sessions/outcomes";
import { Input } from "@/components/ui/field";
import { Mark } from "@/components/ui/mark";
import { formatCount } from "@/lib/format";

export type FacetValue = { value: string; count: number; label?: string };

type FacetListProps = {
  facet: string;
  label: string;
  values: readonly FacetValue[];
  selected: readonly string[];
  onChange: (selected: string[]) => void;
  /** One value at a time (metadata). */
  single?: boolean;
};

const SEARCH_FROM = 9;

/** The values a filter can take, each with the number of sessions it would show. */
export function FacetList({
  facet,
  label,
  values,
  selected: set,
  onChange,
  single,
}: FacetListProps) {
  // The URL follows a moment later; a tick must show at once.
  const [selected, setSelected] = useState(set);
  const [known, setKnown] = useState(set.join("\n"));
  if (set.join("\n") !== known) {
    setKnown(set.join("\n"));
    setSelected(set);
  }
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const missing = selected.filter((value) => !values.some((item) => item.value === value));
  const all: FacetValue[] = [...missing.map((value) => ({ value, count: 0 })), ...values];
  const shown = all.filter(({ value, label: name }) =>
    `${name ?? ""} ${value}`.toLowerCase().includes(wanted),
  );

  function toggle(value: string, on: boolean) {
    const others = single ? [] : selected.filter((item) => item !== value);
    const next = on ? [...others, value] : others;
    setSelected(next);
    onChange(next);
  }

  return (
    <fieldset className="flex min-h-0 w-64 flex-col">
      <legend className="sr-only">{label}</legend>
      {all.length >= SEARCH_FROM ? (
        <div className="border-b p-2">
          <Input
            aria-label={`Find in ${label}`}
            placeholder={`Find in ${label.toLowerCase()}`}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      ) : null}
      <div className="max-h-80 overflow-auto p-1">
        {shown.map(({ value, label: name, count }) => (
          <label
            key={value}
            className="flex min-h-7 items-center gap-2 rounded-md px-2 hover:bg-hover has-focus-visible:bg-hover"
          >
            <input
              type="checkbox"
              className="size-4 shrink-0 accent-accent"
              checked={selected.includes(value)}
              onChange={(event) => toggle(value, event.target.checked)}
            />
            <span className="min-w-0 flex-1 truncate" title={value}>
              <FacetName facet={facet} value={value} label={name} />
            </span>
            <span className="text-sm text-ink-3">{formatCount(count)}</span>
          </label>
        ))}
        {shown.length === 0 ? (
          <p className="px-2 py-3 text-ink-3">
            {all.length === 0 ? "No session has a value here." : "No value matches."}
          </p>
        ) : null}
      </div>
    </fieldset>
  );
}

function FacetName({ facet, value, label }: { facet: string; value: string; label?: string }) {
  if (facet !== "outcome") return label ?? value;
  const look = outcomeLook(value);
  return <Mark shape={look.shape} tone={look.tone} word={look.word} />;
}
