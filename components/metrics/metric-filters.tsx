"use client";
import { useId } from "react";
import { isMetricFilter } from "@/components/metrics/asked";
import type { NameOf } from "@/components/metrics/looks";
import { useMetadataKeys } from "@/components/metrics/use-metadata-keys";
import { chipsOf } from "@/components/sessions/filter";
import { FilterChip } from "@/components/sessions/filter-bar";
import { type Facets, FilterMenu, type FilterSetter } from "@/components/sessions/filter-menu";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";

const METADATA = "metadata.";

type FiltersProps = {
  params: URLSearchParams;
  facets: Facets | undefined;
  nameOf: NameOf;
  set: FilterSetter;
  /** What the page divides by, and what it may; the first is the one a URL need not name. */
  division?: Division;
};
type Division = { by: string; dimensions: readonly { id: string; label: string }[] };

/** What metrics are divided by, and of which sessions they are. */
export function MetricFilters({ params, facets, nameOf, set, division }: FiltersProps) {
  const chips = chipsOf(params, nameOf).filter(({ name }) => isMetricFilter(name));
  const clear = Object.fromEntries(chips.map(({ name }) => [name, null]));
  return (
    <search className="flex min-w-0 flex-wrap items-center gap-2">
      {division ? <BySelect {...division} facets={facets} set={set} /> : null}
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

function BySelect({
  by,
  dimensions,
  facets,
  set,
}: Division & Pick<FiltersProps, "facets" | "set">) {
  const id = useId();
  const { promoted, others } = useMetadataKeys(facets);
  const chosen = by.startsWith(METADATA) ? by.slice(METADATA.length) : null;
  const isKnown = chosen === null || promoted.includes(chosen) || others.includes(chosen);
  const rest = isKnown ? others : [chosen, ...others];
  return (
    <span className="flex max-w-full min-w-0 items-center gap-2">
      <label htmlFor={id} className="text-ink-2">
        By
      </label>
      <Select
        id={id}
        quiet
        className="max-w-64"
        value={by}
        onChange={({ target }) =>
          set({
            by: target.value === dimensions[0]?.id ? null : target.value,
            sort: null,
            order: null,
          })
        }
      >
        {dimensions.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
        <KeyOptions label="Promoted metadata" keys={promoted} />
        <KeyOptions
          label={promoted.length > 0 ? "Other metadata, slower" : "Metadata"}
          keys={rest}
        />
      </Select>
    </span>
  );
}

function KeyOptions({ label, keys }: { label: string; keys: readonly string[] }) {
  if (keys.length === 0) return null;
  return (
    <optgroup label={label}>
      {keys.map((key) => (
        <option key={key} value={`${METADATA}${key}`}>
          {key}
        </option>
      ))}
    </optgroup>
  );
}
