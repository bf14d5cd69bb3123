"use client";
import { ChevronLeft, ChevronRight, ListFilter } from "lucide-react";
import { useState } from "react";
import { FacetList, type FacetValue } from "@/components/sessions/facet-list";
import { BY, FACETS, MINIMUMS } from "@/components/sessions/filter";
import { MinimumForm } from "@/components/sessions/minimum-form";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import type { SessionCounts } from "@/lib/sessions/detail-schema";

export type Facets = SessionCounts["facets"];
export type FilterSetter = (changes: Record<string, string | string[] | null>) => void;

/** The counted values of one filter. */
export function facetValues(facets: Facets | undefined, name: string): readonly FacetValue[] {
  if (!facets) return [];
  if (name.startsWith("metadata."))
    return facets.metadata.find((item) => `metadata.${item.key}` === name)?.values ?? [];
  const facet = FACETS.find((item) => item.name === name);
  return facet ? facets[facet.name] : [];
}

/** Gives ids their names, as far as the counts know them. */
export const namesIn =
  (facets: Facets | undefined) =>
  (facet: string, value: string): string =>
    facetValues(facets, facet).find((item) => item.value === value)?.label ?? value;

type EditorProps = {
  name: string;
  label: string;
  params: URLSearchParams;
  facets: Facets | undefined;
  onChange: FilterSetter;
};

/** What edits one filter, whichever kind it is. */
export function FilterEditor({ name, label, params, facets, onChange }: EditorProps) {
  if (name === "by") return <ByList params={params} onChange={onChange} />;
  const minimum = MINIMUMS.find((item) => item.name === name);
  if (minimum)
    return (
      <MinimumForm
        name={minimum.name}
        value={params.get(name)}
        onChange={(value) => onChange({ [name]: value })}
      />
    );
  return (
    <FacetList
      facet={name}
      label={label}
      values={facetValues(facets, name)}
      selected={params.getAll(name)}
      single={name.startsWith("metadata.")}
      onChange={(selected) => onChange({ [name]: selected })}
    />
  );
}

function ByList({ params, onChange }: Pick<EditorProps, "params" | "onChange">) {
  const chosen = params.get("by") ?? "active";
  return (
    <fieldset className="flex w-64 flex-col p-1">
      <legend className="sr-only">What of a session lies in the range</legend>
      {BY.map(({ id, label }) => (
        <label key={id} className="flex min-h-7 items-center gap-2 rounded-md px-2 hover:bg-hover">
          <input
            type="radio"
            name="by"
            className="size-4 accent-accent"
            checked={chosen === id}
            onChange={() => onChange({ by: id === "active" ? null : id })}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

type FilterMenuProps = Omit<EditorProps, "name" | "label"> & {
  /** Only what has values to choose from. */
  valuesOnly?: boolean;
};

/** Every filter there is: first which, then its values. */
export function FilterMenu({ valuesOnly, ...props }: FilterMenuProps) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const metadata =
    props.facets?.metadata.map(({ key }) => ({ name: `metadata.${key}`, label: key })) ?? [];
  const groups = [
    { title: null, items: FACETS },
    { title: "Metadata", items: metadata },
    { title: "At least", items: valuesOnly ? [] : MINIMUMS },
    { title: "Range", items: valuesOnly ? [] : [{ name: "by", label: "In the range" }] },
  ];
  const chosen = groups.flatMap((group) => [...group.items]).find((item) => item.name === name);
  return (
    <Popover
      label="Filters"
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) setName(null);
      }}
      trigger={
        <Button className="font-normal">
          <ListFilter size={14} aria-hidden />
          Filter
        </Button>
      }
    >
      {chosen ? (
        <>
          <Button variant="ghost" className="m-1 mb-0 px-1.5" onClick={() => setName(null)}>
            <ChevronLeft size={14} aria-hidden />
            {chosen.label}
          </Button>
          <FilterEditor {...props} name={chosen.name} label={chosen.label} />
        </>
      ) : (
        <div className="flex w-56 flex-col p-1">
          {groups.map((group) =>
            group.items.length === 0 ? null : (
              <div key={group.title} className="contents">
                {group.title ? (
                  <p className="px-2 pt-2 pb-1 text-sm text-ink-3">{group.title}</p>
                ) : null}
                {group.items.map((item) => (
                  <button
                    key={item.name}
                    type="button"
                    onClick={() => setName(item.name)}
                    className="flex min-h-7 items-center justify-between gap-2 rounded-md px-2 text-left -outline-offset-2 hover:bg-hover"
                  >
                    <span className="truncate">{item.label}</span>
                    <ChevronRight size={14} aria-hidden className="shrink-0 text-ink-3" />
                  </button>
                ))}
              </div>
            ),
          )}
        </div>
      )}
    </Popover>
  );
}
