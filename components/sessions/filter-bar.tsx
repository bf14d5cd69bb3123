"use client";
import { X } from "lucide-react";
import type { RefObject } from "react";
import { type Chip, chipsOf, cleared, isLedBy } from "@/components/sessions/filter";
import {
  type Facets,
  FilterEditor,
  FilterMenu,
  type FilterSetter,
  namesIn,
} from "@/components/sessions/filter-menu";
import { OpenContent } from "@/components/shell/open-content";
import { Needs } from "@/components/shell/viewer";
import { Button, buttonClass, IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Popover } from "@/components/ui/popover";
import { SearchBox } from "@/components/ui/search-box";
import { plain } from "@/lib/format";

type FilterBarProps = {
  params: URLSearchParams;
  facets: Facets | undefined;
  set: (changes: Record<string, string | string[] | null>, options?: { replace?: boolean }) => void;
  searchRef: RefObject<HTMLInputElement | null>;
};

export function FilterBar({ params, facets, set, searchRef }: FilterBarProps) {
  const chips = chipsOf(params, namesIn(facets));
  const failed = params.get("failed") === "true";
  const filtered = chips.length > 0 || failed || params.has("q");
  return (
    <search className="flex flex-wrap items-center gap-2">
      <Needs scope="read">
        <SearchBox
          label="Search titles, ids and messages"
          placeholder="Search titles, ids, messages"
          value={params.get("q") ?? ""}
          inputRef={searchRef}
          onChange={(q) => set({ q: q || null }, { replace: true })}
        />
      </Needs>
      <OpenContent />
      <FilterMenu params={params} facets={facets} onChange={set} />
      <Button
        aria-pressed={failed}
        variant={failed ? "alarm" : "default"}
        className="font-normal"
        onClick={() => set({ failed: failed ? null : "true" })}
      >
        Failed only
      </Button>
      {chips.map((chip) => (
        <FilterChip key={chip.name} chip={chip} params={params} facets={facets} onChange={set} />
      ))}
      {filtered ? (
        <Button variant="ghost" onClick={() => set(cleared(params))}>
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}

type FilterChipProps = {
  chip: Chip;
  params: URLSearchParams;
  facets: Facets | undefined;
  onChange: FilterSetter;
};

export function FilterChip({ chip, params, facets, onChange }: FilterChipProps) {
  const words = (
    <>
      <span className="truncate text-ink-2">{plain(chip.label)}</span>
      <span className="truncate">{plain(chip.words)}</span>
    </>
  );
  return (
    <span className="inline-flex max-w-full">
      {isLedBy(chip.name) ? (
        <span
          className={cx(
            buttonClass("chosen"),
            "pointer-events-none min-w-0 shrink! rounded-r-none font-normal",
          )}
        >
          {words}
        </span>
      ) : (
        <Popover
          label={chip.label}
          trigger={
            <button
              type="button"
              className={cx(buttonClass("chosen"), "min-w-0 shrink! rounded-r-none font-normal")}
            >
              {words}
            </button>
          }
        >
          <FilterEditor
            name={chip.name}
            label={chip.label}
            params={params}
            facets={facets}
            onChange={onChange}
          />
        </Popover>
      )}
      <IconButton
        label={`Remove the filter ${chip.label}`}
        variant="chosen"
        className="-ml-px rounded-l-none"
        onClick={() => onChange({ [chip.name]: null })}
      >
        <X size={14} aria-hidden />
      </IconButton>
    </span>
  );
}
