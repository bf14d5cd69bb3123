"use client";
import { useId } from "react";
import { type By, byLabel, DIMENSIONS } from "@/components/costs/questions";
import type { Costs } from "@/components/costs/use-costs";
import { isMetricFilter } from "@/components/metrics/asked";
import { chipsOf } from "@/components/sessions/filter";
import { FilterChip } from "@/components/sessions/filter-bar";
import { FilterMenu } from "@/components/sessions/filter-menu";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";

type FiltersProps = Pick<Costs, "params" | "facets" | "nameOf" | "set"> & { by: By };

/** What costs are divided by, and of which sessions. */
export function CostFilters({ params, facets, nameOf, set, by }: FiltersProps) {
  const id = useId();
  const chips = chipsOf(params, nameOf).filter(({ name }) => isMetricFilter(name));
  const keys = (facets?.metadata ?? []).map(({ key }): By => `metadata.${key}`);
  const metadata = by.startsWith("metadata.") && !keys.includes(by) ? [by, ...keys] : keys;
  const clear = Object.fromEntries(chips.map(({ name }) => [name, null]));
  return (
    <search className="flex flex-wrap items-center gap-2">
      <span className="flex items-center gap-2">
        <label htmlFor={id} className="text-ink-2">
          By
        </label>
        <Select
          id={id}
          quiet
          value={by}
          onChange={({ target }) =>
            set({ by: target.value === "meter" ? null : target.value, sort: null, order: null })
          }
        >
          {DIMENSIONS.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
          {metadata.length > 0 ? (
            <optgroup label="Metadata">
              {metadata.map((key) => (
                <option key={key} value={key}>
                  {byLabel(key)}
                </option>
              ))}
            </optgroup>
          ) : null}
        </Select>
      </span>
      <FilterMenu params={params} facets={facets} onChange={set} valuesOnly />
      {chips.map((chip) => (
        <FilterChip key={chip.name} chip={chip} params={params} facets={facets} onChange={set} />
      ))}
      {chips.length > 0 ? (
        <Button variant="ghost" onClick={() => set(clear)}>
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}
