"use client";
import { X } from "lucide-react";
import type { FILTERS } from "@/components/rejected/filter";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { formatCount } from "@/lib/format";
import type { RejectedCounts, RejectedFilter } from "@/lib/rejected/schema";

const SELECTS = [
  { name: "reason", all: "Every reason" },
  { name: "kind", all: "Every kind" },
  { name: "source", all: "Every source" },
] as const;

type FilterSelectsProps = {
  filter: RejectedFilter;
  counts: RejectedCounts | undefined;
  onChange: (name: (typeof FILTERS)[number], value: string | null) => void;
};

/** Reason, kind and source, each value with its count under the other filters. */
export function FilterSelects({ filter, counts, onChange }: FilterSelectsProps) {
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">Filter</legend>
      {SELECTS.map(({ name, all }) => {
        const chosen = filter[name];
        const values = counts?.facets[name] ?? [];
        const known = chosen === undefined || values.some(({ value }) => value === chosen);
        return (
          <Select
            key={name}
            quiet
            aria-label={name}
            className="max-w-64"
            value={chosen ?? ""}
            onChange={(event) => onChange(name, event.target.value || null)}
          >
            <option value="">{all}</option>
            {known ? null : <option value={chosen}>{chosen}</option>}
            {values.map(({ value, count }) => (
              <option key={value} value={value}>
                {value} ({formatCount(count)})
              </option>
            ))}
          </Select>
        );
      })}
      {filter.session === undefined ? null : (
        <Button variant="chosen" onClick={() => onChange("session", null)} className="min-w-0">
          <span className="truncate">session {filter.session}</span>
          <X size={14} aria-label="Remove" />
        </Button>
      )}
    </fieldset>
  );
}
